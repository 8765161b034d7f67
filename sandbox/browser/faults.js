import { button, el, reconcile, toast } from './dom.js'
import { icon } from './icons.js'
import { expireTokens, setSwitch } from './server.js'
import { t } from './words.js'

const { document, queueMicrotask } = globalThis
const groups = {
  push: ['bad-signature', 'stale-timestamp', 'wrong-key', 'duplicate', 'out-of-order', 'lost-answer'],
  api: ['window-closed', 'quota-used-up', 'api-500'],
}

/** Switches that make the platform misbehave. */
export const createFaults = (tools) => {
  const element = el('div', { class: 'faults' })
  const intro = el('p', { class: 'hint' })
  const lists = Object.fromEntries(
    Object.keys(groups).map((group) => [
      group,
      { title: el('h3', {}), list: el('div', { class: 'switches' }) },
    ]),
  )
  const expire = button({ class: 'quiet' })
  expire.addEventListener('click', async () => {
    await expireTokens().then(() => toast(t('fault.token-expired.done')), tools.fail)
  })
  element.append(
    intro,
    ...Object.values(lists).flatMap(({ title, list }) => [title, list]),
    el('div', { class: 'one-shot' }, expire, el('small', { class: 'hint', id: 'expire-hint' })),
  )

  const change = (name, on) => setSwitch(name, on).then(tools.refresh, tools.fail)
  const render = ({ state }) => {
    for (const [group, names] of Object.entries(groups)) {
      const items = names.map((name) => ({
        name,
        on: state.switches.some((each) => each.name === name && each.on),
      }))
      reconcile(lists[group].list, items, {
        key: (item) => item.name,
        signature: (item) => `${item.on}|${document.documentElement.lang}`,
        build: (item, before) => switchOf(item, change, before?.contains(document.activeElement) === true),
      })
    }
  }
  const translate = () => {
    intro.textContent = t('faults.intro')
    for (const [group, { title }] of Object.entries(lists)) title.textContent = t(`faults.${group}`)
    expire.replaceChildren(icon('key'), t('fault.token-expired'))
    element.querySelector('#expire-hint').textContent = t('fault.token-expired.hint')
  }
  translate()
  return { element, render, translate }
}

const switchOf = ({ name, on }, change, focused) => {
  const control = button(
    { class: 'switch', role: 'switch', 'aria-checked': String(on), on: { click: () => change(name, !on) } },
    el('span', { class: 'track', 'aria-hidden': 'true' }),
    el(
      'span',
      { class: 'switch-words' },
      el('strong', {}, t(`fault.${name}`)),
      el('small', {}, t(`fault.${name}.hint`)),
    ),
  )
  if (focused) queueMicrotask(() => control.focus())
  return el('div', {}, control)
}
