import { button, el } from './dom.js'
import { icon } from './icons.js'
import { drawReceipt } from './receipt.js'
import { t } from './words.js'

const voice = { kind: 'voice', durationMs: 2_000, recognition: '我要找人工' }
const place = { kind: 'location', latitude: 31.300_12, longitude: 121.510_96, label: '上海市杨浦区政立路' }

/** Acts that are one press: what each sends. */
const extras = {
  image: () => ({ kind: 'image', bytes: drawReceipt() }),
  voice: () => voice,
  file: () => ({ kind: 'file', name: '对账单.txt', bytes: globalThis.btoa('statement') }),
  location: () => place,
  follow: () => ({ kind: 'follow' }),
  unfollow: () => ({ kind: 'unfollow' }),
}
const icons = {
  image: 'receipt',
  voice: 'voice',
  file: 'file',
  location: 'location',
  follow: 'person',
  unfollow: 'leave',
}

/** Where the demo user writes on this provider. `act` resolves to false when the server refused. */
export const createClientComposer = (act) => {
  const subject = el('input', { type: 'text', maxlength: '200' })
  const field = el('textarea', { rows: '2', maxlength: '20000' })
  const go = button({ class: 'button primary', on: { click: () => void send('text') } })
  const mention = button({ class: 'quiet', on: { click: () => void send('mention') } })
  const more = el('div', { class: 'client-extras' })
  const element = el(
    'div',
    { class: 'client-composer', hidden: true },
    subject,
    el('div', { class: 'client-write' }, field, go),
    el('div', { class: 'client-row' }, mention, more),
  )
  const send = async (kind) => {
    const text = field.value.trim()
    if (text === '') return
    const title = subject.hidden || subject.value.trim() === '' ? {} : { subject: subject.value.trim() }
    field.value = ''
    field.focus()
    // What could not be sent comes back, unless something new stands there.
    if ((await act({ kind, text, ...(kind === 'text' ? title : {}) })) === false && field.value === '')
      field.value = text
  }
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    if (!subject.hidden) return
    event.preventDefault()
    void send('text')
  })

  let shown = ''
  const render = ({ channel, acts }) => {
    element.hidden = false
    const wanted = JSON.stringify([channel, acts, globalThis.document.documentElement.lang])
    if (shown === wanted) return
    shown = wanted
    // Mail is the one that has subjects; there Enter is a new line.
    subject.hidden = channel !== 'email'
    subject.placeholder = t('client.subject')
    subject.setAttribute('aria-label', t('client.subject'))
    field.placeholder = t('compose')
    field.setAttribute('aria-label', t('compose'))
    go.textContent = t('send')
    mention.hidden = !acts.includes('mention')
    mention.textContent = t('client.mention')
    more.replaceChildren(
      ...acts
        .filter((kind) => kind in extras)
        .map((kind) =>
          button(
            { class: 'quiet small', on: { click: () => void act(extras[kind]()) } },
            icon(icons[kind]),
            t(`act.${kind}`),
          ),
        ),
    )
  }
  return { element, render }
}
