import { button, el, reconcile } from './dom.js'
import { icon } from './icons.js'
import { createTray } from './tray.js'
import { t } from './words.js'

const { document } = globalThis
const maxFieldHeight = 120

/** Where the demo user writes, with suggestions above and the tray below. */
export const createComposer = ({ send, fail }) => {
  const chips = el('div', { class: 'chips', role: 'group' })
  const more = button({ class: 'phone-icon', 'aria-expanded': 'false' }, icon('plus'))
  const join = button({ class: 'send join', on: { click: () => send({ kind: 'subscribe' }) } })
  const writing = createField((text) => send({ kind: 'text', text }))
  const tray = createTray({ send, fail, done: () => toggleTray(false) })
  const element = el(
    'div',
    { class: 'composer' },
    chips,
    el('div', { class: 'write' }, writing.field, more, writing.go, join),
    tray.element,
  )
  const toggleTray = (open) => {
    tray.element.hidden = !open
    more.setAttribute('aria-expanded', String(open))
    if (open) tray.render()
  }
  chips.addEventListener('wheel', (event) => (chips.scrollLeft += event.deltaY), { passive: true })
  more.addEventListener('click', () => toggleTray(tray.element.hidden))
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || tray.element.hidden) return
    toggleTray(false)
    more.focus()
  })
  toggleTray(false)
  // Until the state is known nobody can send: what was typed before would go nowhere.
  for (const part of [writing.field, writing.go, more, join]) part.hidden = true

  const render = (state) => {
    const enabled = state.user?.followed === true
    for (const element of [writing.field, writing.go, more]) element.hidden = !enabled
    join.hidden = enabled
    if (!enabled) toggleTray(false)
    writing.field.placeholder = t('compose')
    // As long as nothing was said they stand large in the chat itself.
    reconcile(chips, enabled && state.lines.length > 0 ? state.suggestions : [], {
      key: (text) => text,
      signature: () => document.documentElement.lang,
      build: (text) => button({ on: { click: () => send({ kind: 'text', text }) } }, text),
    })
  }
  const translate = () => {
    chips.setAttribute('aria-label', t('suggestions'))
    writing.field.setAttribute('aria-label', t('compose'))
    more.setAttribute('aria-label', t('tray'))
    join.textContent = t('follow')
    writing.go.textContent = t('send')
    if (!tray.element.hidden) tray.render()
  }
  return { element, render, translate }
}

/** The growing field and its button. Enter sends, but never while an input method is composing. */
const createField = (submit) => {
  const field = el('textarea', { rows: '1', maxlength: '2000', enterkeyhint: 'send' })
  const go = button({ class: 'send' })
  const grow = () => {
    field.style.height = ''
    if (field.value !== '') field.style.height = `${Math.min(field.scrollHeight + 2, maxFieldHeight)}px`
    go.disabled = field.value.trim() === ''
  }
  const sendText = async () => {
    const text = field.value.trim()
    if (text === '') return
    field.value = ''
    grow()
    field.focus()
    // What could not be sent comes back, unless something new stands there.
    if ((await submit(text)) === false && field.value === '') field.value = text
    grow()
  }
  field.addEventListener('input', grow)
  field.addEventListener('keydown', (event) => {
    // 229 is what browsers report for keys an input method takes without saying so.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    void sendText()
  })
  go.addEventListener('click', () => void sendText())
  grow()
  return { field, go }
}
