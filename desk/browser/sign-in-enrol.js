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
  drawing.append(svg('rect', { width: size, height: size, class: 'qr-ground' }), svg('path', { d: path, class: 'qr-ink' }))
  return drawing
}

const inGroups = (secret) => secret.replace(/(.{4})(?=.)/g, '$1 ')

const field = (id, key, facts) => [
  el('label', { for: id, text: t(key) }),
  el('input', { id, name: id, required: true, ...facts }),
]

const submit = (key) => el('button', { type: 'submit', class: 'primary', text: t(key) })

const form = (work, ...children) => {
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

/**
 * Lets the signed-in person set up a code of an app. Draws into `box`, again when the language changes; `fail` shows
 * what went wrong, `done` leads on, `out` signs out.
 */
export const createEnrolment = ({ box, fail, clear, done, out }) => {
  let state
  let shown
  let codes

  const tried = async (work, wrong) => {
    clear()
    try {
      await work()
      draw()
    } catch (error) {
      if (error.code === 'forbidden' && error.facts?.field !== undefined) return fail(wrong)
      if (error.code === 'conflict') {
        shown = undefined
        draw()
        return fail('enrol.lost')
      }
      if (error.code === 'too_many') return fail('error.too_many', { seconds: error.facts.retryAfterSeconds })
      fail(error.code === 'network' ? 'error.network' : 'error.other')
    }
  }

  const begin = (element) =>
    tried(async () => {
      const password = element.querySelector('#current')?.value ?? ''
      shown = await post('/second-step/begin', password === '' ? {} : { password })
    }, 'enrol.password.wrong')

  const confirm = (element) =>
    tried(async () => {
      const { recoveryCodes } = await post('/second-step/confirm', {
        code: element.querySelector('#app-code').value,
      })
      codes = recoveryCodes
    }, 'enrol.wrong')

  const copy = async (event) => {
    const button = event.currentTarget
    await navigator.clipboard.writeText(codes.join('\n')).catch(() => undefined)
    button.textContent = t('enrol.copied')
  }

  const drawCodes = () => [
    el('h2', { tabindex: -1, text: t('enrol.codes') }),
    el('p', { text: t('enrol.codes.hint') }),
    el('ol', { class: 'codes' }, codes.map((code) => el('li', {}, el('code', { text: code })))),
    el('button', { type: 'button', text: t('enrol.copy'), on: { click: (event) => void copy(event) } }),
    el('button', { type: 'button', class: 'primary', text: t('enrol.done'), on: { click: done } }),
  ]
  const drawSecret = () => [
    el('p', { text: t('enrol.scan') }),
    drawQr(shown.qr),
    el('p', {}, t('enrol.type'), ' ', el('code', { text: inGroups(shown.secret) })),
    el('p', {}, el('a', { href: shown.address, text: t('enrol.open') })),
    form(
      confirm,
      ...field('app-code', 'enrol.code', {
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        minlength: 6,
        maxlength: 7,
      }),
      submit('enrol.confirm'),
    ),
  ]
  const drawDoor = () => [
    el('p', { text: t(state.mustEnrol ? 'enrol.must' : 'enrol.why') }),
    form(
      begin,
      state.asksPassword
        ? field('current', 'enrol.password', {
            type: 'password',
            autocomplete: 'current-password',
            maxlength: 128,
          })
        : [],
      submit('enrol.begin'),
    ),
    el('button', { type: 'button', text: t('enrol.out'), on: { click: out } }),
  ]
  const drawThere = () => [
    el('p', { text: t('enrol.there', { count: state.recoveryCodesLeft }) }),
    el('button', { type: 'button', class: 'primary', text: t('enrol.on'), on: { click: done } }),
    el('button', { type: 'button', text: t('enrol.out'), on: { click: out } }),
  ]

  const parts = () => {
    if (codes !== undefined) return drawCodes()
    if (state.enrolled) return drawThere()
    return shown === undefined ? drawDoor() : drawSecret()
  }

  const draw = () => {
    if (state === undefined) return
    box.replaceChildren(...parts())
    box.querySelector('input, h2, button')?.focus()
  }

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
