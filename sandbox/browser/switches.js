import { button, el, reconcile } from './dom.js'
import { tOr } from './words.js'

const { document } = globalThis

/** A fault's words: WeChat has its own numbers, the other providers have what is true of all of them. */
const wordsOf = (name, isWechat) =>
  isWechat
    ? [tOr(`fault.${name}`, name), tOr(`fault.${name}.hint`, '')]
    : [
        tOr(`fault.${name}.client`, tOr(`fault.${name}`, name)),
        tOr(`fault.${name}.about`, tOr(`fault.${name}.hint`, '')),
      ]

/** Fault switches, `{ name, on }` each; `change(name, on)` is called when one is pressed. */
export const renderSwitches = (list, switches, change, isWechat = false) =>
  reconcile(list, switches, {
    key: ({ name }) => name,
    signature: ({ on }) => `${on}|${document.documentElement.lang}`,
    build: (item) => switchOf(item, change, wordsOf(item.name, isWechat)),
  })

const switchOf = ({ name, on }, change, [title, hint]) => {
  const control = button(
    { class: 'switch', role: 'switch', 'aria-checked': String(on), on: { click: () => change(name, !on) } },
    el('span', { class: 'track', 'aria-hidden': 'true' }),
    el(
      'span',
      { class: 'switch-words' },
      el('strong', {}, title),
      hint === '' ? undefined : el('small', {}, hint),
    ),
  )
  return el('div', {}, control)
}
