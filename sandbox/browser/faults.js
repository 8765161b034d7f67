import { button, el, emptyOf, toast } from './dom.js'
import { icon } from './icons.js'
import { expireTokens, setClientFault, setSwitch } from './server.js'
import { renderSwitches } from './switches.js'
import { t } from './words.js'

const groups = {
  push: ['bad-signature', 'stale-timestamp', 'wrong-key', 'duplicate', 'out-of-order', 'lost-answer'],
  api: ['window-closed', 'quota-used-up', 'api-500'],
}

/** Switches that make a platform misbehave: those of the channel that is looked at. */
export const createFaults = (tools) => {
  const intro = el('p', { class: 'hint' })
  const wechat = createWechatFaults(tools)
  const list = el('div', { class: 'switches' })
  const empty = el('p', { class: 'empty' })
  const element = el('div', { class: 'faults' }, intro, wechat.element, list, empty)
  const render = ({ state, channel, clientState }) => {
    const faults = clientState?.faults ?? []
    wechat.element.hidden = channel !== 'wechat'
    list.hidden = faults.length === 0
    empty.hidden = channel === 'wechat' || faults.length > 0
    intro.hidden = !empty.hidden
    intro.textContent = t(channel === 'wechat' ? 'faults.intro' : 'faults.client')
    emptyOf(empty, t('faults.none'), 'bolt')
    if (channel === 'wechat') wechat.render(state)
    renderSwitches(list, faults, (name, on) =>
      setClientFault(channel, name, on).then(tools.refresh, tools.fail),
    )
  }
  return { element, render, translate: wechat.translate }
}

const createWechatFaults = (tools) => {
  const lists = Object.fromEntries(
    Object.keys(groups).map((group) => [
      group,
      { title: el('h3', {}), list: el('div', { class: 'switches' }) },
    ]),
  )
  const expire = button({ class: 'quiet' })
  const hint = el('small', { class: 'hint' })
  expire.addEventListener('click', async () => {
    await expireTokens().then(() => toast(t('fault.token-expired.done')), tools.fail)
  })
  const element = el(
    'div',
    {},
    ...Object.values(lists).flatMap(({ title, list }) => [title, list]),
    el('div', { class: 'one-shot' }, expire, hint),
  )
  const change = (name, on) => setSwitch(name, on).then(tools.refresh, tools.fail)
  const render = ({ switches }) => {
    for (const [group, names] of Object.entries(groups))
      renderSwitches(
        lists[group].list,
        names.map((name) => ({ name, on: switches.some((each) => each.name === name && each.on) })),
        change,
        true,
      )
  }
  const translate = () => {
    for (const [group, { title }] of Object.entries(lists)) title.textContent = t(`faults.${group}`)
    expire.replaceChildren(icon('key'), t('fault.token-expired'))
    hint.textContent = t('fault.token-expired.hint')
  }
  translate()
  return { element, render, translate }
}
