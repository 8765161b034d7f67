/* global document, navigator */
import { get, post } from './api.js'
import { el } from './dom.js'
import { t } from './words.js'

const svg = (tag, facts) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(facts)) element.setAttribute(name, String(value))
  return element
}

/** Dark on light whatever the colours of the page: readers expect it so. */
const drawQr = ({ size, path }) => {
  const drawing = svg('svg', {
    class: 'qr',
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': t('enrol.qr'),
    'shape-rendering': 'crispEdges',
  })
  drawing.append(
    svg('rect', { width: size, height: size, class: 'qr-ground' }),
    svg('path', { d: path, class: 'qr-ink' }),
  )
  return drawing
}

const inGroups = (secret) => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** A field with its name. */
export const field = (id, key, facts) => [
  el('label', { for: id, text: t(key) }),
  el('input', { id, name: id, required: true, ...facts }),
]

const submit = (key) => el('button', { type: 'submit', class: 'primary', text: t(key) })

/** A form that runs one try at a time. */
export const form = (work, ...children) => {
  let running = false
  const element = el('form', { class: 'stack' }, ...children)
  element.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (running) return
    running = true
    try {
      await work(element)
    } finally {
      running = false
    }
  })
  return element
}

/** A button that does no more than `click`. */
export const button = (key, click, facts = {}) =>
  el('button', { type: 'button', ...facts, text: t(key), on: { click } })

/** Recovery codes, shown this once. */
export const drawCodes = (codes, done) => {
  const copy = async (event) => {
    const { currentTarget } = event
    await navigator.clipboard.writeText(codes.join('\n')).catch(() => undefined)
    currentTarget.textContent = t('enrol.copied')
  }
  return [
    el('h2', { tabindex: -1, text: t('enrol.codes') }),
    el('p', { text: t('enrol.codes.hint') }),
    el(
      'ol',
      { class: 'codes' },
      codes.map((code) => el('li', {}, el('code', { text: code }))),
    ),
    button('enrol.copy', (event) => void copy(event)),
    button('enrol.done', done, { class: 'primary' }),
  ]
}

const drawSecret = ({ qr, secret, address }, confirm) => [
  el('p', { text: t('enrol.scan') }),
  drawQr(qr),
  el('p', {}, t('enrol.type'), ' ', el('code', { text: inGroups(secret) })),
  el('p', {}, el('a', { href: address, text: t('enrol.open') })),
  form(
    confirm,
    ...field('app-code', 'enrol.code', {
      ...{ inputmode: 'numeric', autocomplete: 'one-time-code', minlength: 6, maxlength: 7 },
    }),
    submit('enrol.confirm'),
  ),
]

const drawDoor = ({ mustEnrol, asksPassword }, { begin, out }) => [
  el('p', { text: t(mustEnrol ? 'enrol.must' : 'enrol.why') }),
  form(
    begin,
    // Who has just signed in is not asked.
    asksPassword
      ? field('current', 'enrol.password', {
          ...{ type: 'password', autocomplete: 'current-password', maxlength: 128 },
        })
      : [],
    submit('enrol.begin'),
  ),
  button('enrol.out', out),
]

const drawThere = ({ recoveryCodesLeft: count }, { done, out }) => [
  el('p', { text: t('enrol.there', { count }) }),
  button('enrol.on', done, { class: 'primary' }),
  button('enrol.out', out),
]

/** What a refusal means here: a key of the words, and its values. */
export const meaningOf = ({ code, facts }, wrong) => {
  if (code === 'forbidden' && facts.field !== undefined) return [wrong]
  if (code === 'conflict') return ['enrol.lost']
  if (code === 'too_many') return ['error.too_many', { seconds: facts.retryAfterSeconds }]
  return [code === 'network' ? 'error.network' : 'error.other']
}

/**
 * Lets the signed-in person set up a code of an app. Draws into `box`, again when the language changes; `fail` shows
 * what went wrong, `done` leads on, `out` signs out.
 */
export const createEnrolment = ({ box, fail, clear, done, out }) => {
  let state
  let shown
  let codes

  const parts = () => {
    if (codes !== undefined) return drawCodes(codes, done)
    if (state.enrolled) return drawThere(state, { done, out })
    return shown === undefined ? drawDoor(state, { begin, out }) : drawSecret(shown, confirm)
  }
  const draw = () => {
    if (state === undefined) return
    box.replaceChildren(...parts())
    box.querySelector('input, h2, button')?.focus()
  }
  const tried = async (work, wrong) => {
    clear()
    try {
      await work()
      draw()
    } catch (error) {
      // What was shown has moved on: it begins anew.
      if (error.code === 'conflict') {
        shown = undefined
        draw()
      }
      fail(...meaningOf(error, wrong))
    }
  }
  const begin = (element) =>
    tried(async () => {
      const password = element.querySelector('#current')?.value ?? ''
      shown = await post('/second-step/begin', password === '' ? {} : { password })
    }, 'enrol.password.wrong')
  const confirm = (element) =>
    tried(async () => {
      const code = element.querySelector('#app-code').value
      codes = (await post('/second-step/confirm', { code })).recoveryCodes
    }, 'enrol.wrong')

  return {
    draw,
    /** Rejects with `unauthenticated` where nobody is signed in. */
    open: async () => {
      state = await get('/second-step')
      ;[shown, codes] = [undefined, undefined]
      draw()
    },
  }
}
