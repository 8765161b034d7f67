/* global document, location, history, sessionStorage */
import { get, post } from './api.js'
import { byId, el } from './dom.js'
import { createEnrolment } from './sign-in-enrol.js'
import { drawInvitation } from './sign-in-invitation.js'
import { createSecurity } from './sign-in-security.js'
import { currentLanguage, has, setLanguage, t } from './words.js'

const doors = {
  link: { title: 'sign-in.title', focus: '#link button' },
  password: { title: 'sign-in.title', focus: '#email', providers: 'provider.with' },
  'second-step': { title: 'second.title', focus: '#code' },
  invitation: { title: 'invitation.title', focus: '#name', providers: 'provider.accept' },
  enrol: { title: 'enrol.title' },
  security: { title: 'security.title' },
}

let door = 'password'
let token
let invitation
let invited
/** The ticket that was asked for, as `#/t/<id>`: it goes along to an identity provider and back. */
let wanted = ''
let providers = []
let fault

const drawProviders = () => {
  const key = doors[door].providers
  byId('providers').hidden = key === undefined || providers.length === 0
  byId('providers').replaceChildren(
    ...providers.map(({ id, label }) =>
      el('button', {
        type: 'button',
        text: t(key ?? 'provider.with', { label: label[currentLanguage()] }),
        on: { click: () => void leave(id) },
      }),
    ),
  )
}

const draw = () => {
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t)
  byId('title').textContent = t(doors[door].title)
  document.title = `${t('sign-in.product')} · ${t(doors[door].title)}`
  if (invited !== undefined)
    byId('invited').textContent = t('invitation.for', {
      role: t(`role.${invited.role}`),
      email: invited.email,
    })
  drawProviders()
  enrolment.draw()
  security.draw()
  byId('fault').textContent = fault === undefined ? '' : t(fault.key, fault.values)
}

const fail = (key, values) => {
  fault = { key, values }
  byId('fault').textContent = t(key, values)
}
const clear = () => {
  fault = undefined
  byId('fault').textContent = ''
}

/** Shows one door and hides the others. */
const show = (next) => {
  door = next
  for (const id of Object.keys(doors)) byId(id).hidden = id !== next
  draw()
  const { focus } = doors[next]
  if (focus !== undefined) document.querySelector(focus).focus()
}

/** What was asked for before is opened there. */
const enter = () => location.replace('/desk/app')

const openEnrolment = async () => {
  try {
    await enrolment.open()
    show('enrol')
    enrolment.draw()
  } catch (error) {
    show('password')
    if (error.code !== 'unauthenticated') explain(error)
  }
}

const openSecurity = async () => {
  try {
    await security.open()
    show('security')
  } catch (error) {
    if (error.facts?.reason === 'enrol') return openEnrolment()
    show('password')
    if (error.code !== 'unauthenticated') explain(error)
  }
}

const goOn = async ({ next }) => {
  if (next === 'desk') return enter()
  if (next === 'enrol') return openEnrolment()
  byId('code').value = ''
  show('second-step')
}

/** What the server's reasons mean here; they come before what a code of its own would mean. */
const reasons = {
  origin: 'error.origin',
  code: 'second.wrong',
  challenge: 'second.gone',
  invitation: 'refused.invitation',
  provider: 'provider.down',
}

const explain = (error, wrong = 'error.other') => {
  const reason = reasons[error.facts?.reason]
  if (reason !== undefined) return fail(reason)
  if (error.code === 'unauthenticated') return fail(wrong)
  if (error.code === 'bad_input' && error.facts?.field === 'password') return fail('invitation.weak')
  if (error.code === 'bad_input' && error.facts?.field === 'name') return fail('invitation.name.refused')
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
    clear()
    try {
      await goOn(await work())
    } catch (error) {
      explain(error, wrong)
    } finally {
      running = false
    }
  })
}

const leave = async (provider) => {
  clear()
  try {
    const { url } = await post('/session/provider', {
      provider,
      ...(invitation === undefined ? {} : { invitation }),
      ...(wanted === '' ? {} : { wanted }),
    })
    location.assign(url)
  } catch (error) {
    explain(error)
  }
}

const signOut = async () => {
  const { at } = await post('/session/sign-out', {}).catch(() => ({}))
  if (at !== undefined) return location.assign(at)
  clear()
  show('password')
}

const enrolment = createEnrolment({
  box: byId('enrol'),
  ...{ fail, clear, done: enter },
  out: () => void signOut(),
})

const security = createSecurity({
  box: byId('security'),
  ...{ fail, clear, done: enter },
  enrol: () => void openEnrolment(),
})

// A press of a button, and not the page by itself: programs that look at links before people do run scripts too.
tries(
  byId('link'),
  () =>
    post('/session/link', { token }).catch((error) => {
      token = undefined
      show('password')
      throw error
    }),
  'sign-in.link.bad',
)
tries(
  byId('password'),
  () => post('/session/password', { email: byId('email').value, password: byId('secret').value }),
  'sign-in.wrong',
)
tries(byId('second-step'), () =>
  post('/session/second-step', { code: byId('code').value }).catch((error) => {
    byId('code').value = ''
    if (error.facts?.reason === 'challenge') show('password')
    else byId('code').focus()
    throw error
  }),
)
byId('start-over').addEventListener('click', () => {
  clear()
  show('password')
})
byId('language').addEventListener('click', () => {
  setLanguage(currentLanguage() === 'en' ? 'zh' : 'en')
  draw()
})

const openInvitation = async () => {
  try {
    invited = await post('/session/invitation/look', { token: invitation })
    const form = drawInvitation(invited)
    byId('invitation').replaceChildren(form)
    tries(form, () =>
      post('/session/invitation', {
        ...{ token: invitation, name: byId('name').value, password: byId('new-password').value },
      }),
    )
    show('invitation')
  } catch (error) {
    invitation = undefined
    show('password')
    explain(error)
  }
}

const read = (pattern) => pattern.exec(location.hash)?.[1]

/** Takes what stands behind `#`: no server or log saw it, and from here on neither does the address bar. */
const takeAddress = () => {
  const ticket = read(/^#\/t\/([\w-]+)$/)
  if (ticket !== undefined) {
    wanted = location.hash
    // The desk looks there for what was asked for in this window.
    sessionStorage.setItem('tongda.wanted', `/desk/app/inbox/open/${ticket}`)
  }
  token = read(/^#token=([\w-]+)$/) ?? token
  invitation = read(/^#invitation=([\w-]+)$/) ?? invitation
  const place = {
    step: read(/^#(second-step|enrol|security)$/),
    refused: read(/^#refused=([a-z-]+)$/),
  }
  if (location.hash !== '') history.replaceState(null, '', '/desk/sign-in')
  return place
}

/** Shows the door that fits: also when a link is pasted into the address bar of this very page. */
const open = () => {
  const { step, refused } = takeAddress()
  if (refused !== undefined) fail(has(`refused.${refused}`) ? `refused.${refused}` : 'error.other')
  if (step === 'enrol') return void openEnrolment()
  if (step === 'security') return void openSecurity()
  if (step === 'second-step') return show('second-step')
  if (token !== undefined) return show('link')
  if (invitation !== undefined) return void openInvitation()
  show('password')
}

const loadProviders = async () => {
  const ways = await get('/session/ways').catch(() => ({ providers: [] }))
  providers = ways.providers
  drawProviders()
}

globalThis.addEventListener('hashchange', () => {
  clear()
  open()
})
setLanguage(currentLanguage())
open()
void loadProviders()
