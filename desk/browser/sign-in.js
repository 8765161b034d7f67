/* global document, location, history */
import { post } from './api.js'
import { byId } from './dom.js'
import { currentLanguage, setLanguage, t } from './words.js'

let token
/** The ticket that was asked for before. */
let wanted = ''

/** Takes the token from behind `#`: no server or log saw it, and from here on neither does the address bar. */
const takeToken = () => {
  if (/^#\/t\/[\w-]+$/.test(location.hash)) wanted = location.hash
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (given === undefined) return
  token = given
  history.replaceState(null, '', '/desk/sign-in')
}

let fault

const draw = () => {
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t)
  byId('fault').textContent = fault === undefined ? '' : t(fault.key, fault.values)
}

const fail = (key, values) => {
  fault = { key, values }
  draw()
}

const explain = (error, wrong) => {
  if (error.code === 'unauthenticated') return fail(wrong)
  if (error.facts?.reason === 'origin') return fail('error.origin')
  if (error.code === 'too_many') return fail('error.too_many', { seconds: error.facts.retryAfterSeconds })
  return fail(error.code === 'network' ? 'error.network' : 'error.other')
}

/** Runs one try at a time; a second click while it runs does nothing. */
const tries = (form, work, wrong) => {
  let running = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (running) return
    running = true
    fault = undefined
    draw()
    try {
      await work()
      location.replace(`/desk${wanted}`)
    } catch (error) {
      explain(error, wrong)
    } finally {
      running = false
    }
  })
}

const showPassword = (shown) => {
  byId('password').hidden = !shown
  byId('link').hidden = shown
}

// A press of a button, and not the page by itself: programs that look at links before people do run scripts too.
tries(
  byId('link'),
  () =>
    post('/session/link', { token }).catch((error) => {
      token = undefined
      showPassword(true)
      throw error
    }),
  'sign-in.link.bad',
)
tries(
  byId('password'),
  () => post('/session/password', { email: byId('email').value, password: byId('secret').value }),
  'sign-in.wrong',
)
byId('language').addEventListener('click', () => {
  setLanguage(currentLanguage() === 'en' ? 'zh' : 'en')
  draw()
})

/** Shows the door that fits: also when a link is pasted into the address bar of this very page. */
const open = () => {
  takeToken()
  showPassword(token === undefined)
  draw()
  if (token === undefined) byId('email').focus()
  else byId('link').querySelector('button').focus()
}

globalThis.addEventListener('hashchange', () => {
  fault = undefined
  open()
})
setLanguage(currentLanguage())
open()
