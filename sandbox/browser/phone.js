import { bubbleOf } from './bubbles.js'
import { createComposer } from './composer.js'
import { button, el, reconcile } from './dom.js'
import { icon } from './icons.js'
import { act } from './server.js'
import { stickToEnd } from './stick-to-end.js'
import { dayOf, hourOf, leftOf, t } from './words.js'

const { document } = globalThis
const gapMs = 5 * 60_000

/** The WeChat client: chat, composer, the account's menu. */
export const createPhone = (container, actions) => {
  let store
  /** Resolves to false when the server refused. */
  const send = async (input) => {
    try {
      await act(store.openid, input)
    } catch (error) {
      actions.fail(error)
      return false
    }
    void actions.chooseChannel('wechat')
    await actions.refresh()
    return true
  }
  const parts = {
    clock: el('span', { class: 'phone-clock' }),
    title: el('strong', {}),
    follow: button({ class: 'phone-icon', on: { click: () => toggleFollow() } }),
    windows: el('div', { class: 'windows' }),
    lines: el('div', { class: 'lines', role: 'log', tabindex: '0' }),
    menu: el('div', { class: 'account-menu' }),
  }
  const toggleFollow = () => send({ kind: store.state.user.followed ? 'unsubscribe' : 'subscribe' })
  const composer = createComposer({ send, fail: actions.fail })
  const keepAtEnd = stickToEnd(parts.lines)
  container.replaceChildren(...frameOf(parts, composer.element))

  const render = (next) => {
    store = next
    const { state } = store
    parts.clock.textContent = hourOf(state.now)
    parts.title.textContent = state.user?.typing ? t('typing') : state.account.name
    renderFollow(parts.follow, state)
    renderWindows(parts.windows, state)
    renderLines(parts.lines, store, { send, actions })
    keepAtEnd(store.openid)
    renderMenu(parts.menu, state, send)
    container.dataset.hue = String(state.users.findIndex((user) => user.openid === store.openid) % 4)
    composer.render(state)
  }
  const translate = () => {
    parts.lines.setAttribute('aria-label', t('lines'))
    composer.translate()
  }
  translate()
  return { render, translate }
}

const frameOf = (parts, composer) => [
  el(
    'div',
    { class: 'phone-top' },
    el('div', { class: 'status-bar', 'aria-hidden': 'true' }, parts.clock, el('span', { class: 'battery' })),
    el(
      'div',
      { class: 'chat-head' },
      el('span', { class: 'phone-icon ghost', 'aria-hidden': 'true' }, icon('back')),
      el('div', { class: 'chat-title' }, parts.title),
      parts.follow,
    ),
    parts.windows,
  ),
  parts.lines,
  composer,
  parts.menu,
]

const renderFollow = (element, state) => {
  const followed = state.user?.followed === true
  const label = followed ? t('unfollow') : t('follow')
  if (element.getAttribute('aria-label') === label) return
  element.setAttribute('aria-label', label)
  element.title = label
  element.dataset.followed = String(followed)
  element.replaceChildren(icon(followed ? 'leave' : 'person'))
}

/** What the account may still send: the number users of the real platform never see. */
const renderWindows = (element, state) => {
  const now = new Date(state.now).getTime()
  const shown = state.windows.map((window) =>
    t('window', {
      action: t(`window.${window.action}`),
      left: window.left,
      limit: window.limit,
      time: leftOf(new Date(window.until).getTime() - now),
    }),
  )
  const text = state.user?.followed === false ? t('window.left') : shown.join(' · ') || t('window.none')
  if (element.textContent !== text) element.textContent = text
  element.dataset.open = String(state.windows.some((window) => window.left > 0))
}

const renderLines = (list, store, tools) => {
  const { lines, user } = store.state
  const lastAccountLine = lines.findLast((line) => line.source === 'passive' || line.source === 'api')
  const items = lines.flatMap((line, index) => {
    const before = lines[index - 1]
    const gap = before === undefined || new Date(line.at) - new Date(before.at) > gapMs
    return gap ? [{ time: line.at, id: `t${line.id}` }, line] : [line]
  })
  reconcile(list, items.length > 0 ? items : [{ id: 'welcome' }], {
    key: (item) => item.id,
    signature: (item) =>
      JSON.stringify([
        item,
        item === lastAccountLine,
        user?.openid,
        user?.followed,
        document.documentElement.lang,
      ]),
    build: (item) => {
      if (item.id === 'welcome') return welcomeOf(store.state, tools.send)
      if (item.time !== undefined) {
        const shown = `${dayOf(item.time) === dayOf(store.state.now) ? '' : `${dayOf(item.time)} `}${hourOf(item.time)}`
        return el('div', { class: 'moment' }, shown)
      }
      return bubbleOf(item, {
        ...tools,
        user,
        account: store.state.account,
        isLast: item === lastAccountLine,
      })
    },
  })
}

const welcomeOf = (state, send) =>
  el(
    'div',
    { class: 'welcome' },
    icon('chat'),
    el('p', {}, t(state.user?.followed === false ? 'compose.left' : 'welcome')),
    state.user?.followed === false
      ? undefined
      : el(
          'div',
          { class: 'starters' },
          state.suggestions.map((text) =>
            button({ on: { click: () => send({ kind: 'text', text }) } }, text),
          ),
        ),
  )

const renderMenu = (element, state, send) => {
  const enabled = state.user?.followed === true
  reconcile(element, state.menu, {
    key: (entry) => entry.label,
    signature: (entry) => `${entry.label}|${enabled}`,
    build: (entry) =>
      button({ disabled: !enabled, on: { click: () => send({ ...entry }) } }, icon('menu'), entry.label),
  })
}
