import { button, el, reconcile } from './dom.js'
import { tOr } from './words.js'

const { document, queueMicrotask } = globalThis

/** Fault switches, `{ name, on }` each; `change(name, on)` is called when one is pressed. */
export const renderSwitches = (list, switches, change) =>
  reconcile(list, switches, {
    key: ({ name }) => name,
    signature: ({ on }) => `${on}|${document.documentElement.lang}`,
    build: (item, before) => switchOf(item, change, before?.contains(document.activeElement) === true),
  })

const switchOf = ({ name, on }, change, focused) => {
  const hint = tOr(`fault.${name}.hint`, '')
  const control = button(
    { class: 'switch', role: 'switch', 'aria-checked': String(on), on: { click: () => change(name, !on) } },
    el('span', { class: 'track', 'aria-hidden': 'true' }),
    el(
      'span',
      { class: 'switch-words' },
      el('strong', {}, tOr(`fault.${name}`, name)),
      hint === '' ? undefined : el('small', {}, hint),
    ),
  )
  if (focused) queueMicrotask(() => control.focus())
  return el('div', {}, control)
}
