import { get, post } from './api.js'
import { el } from './dom.js'
import { exactTime, shortTime } from './format.js'
import { button, drawCodes, field, form, meaningOf } from './sign-in-enrol.js'
import { createPasswordForm } from './sign-in-password.js'
import { t } from './words.js'

const ways = (session) =>
  t(session.secondStep === undefined ? 'security.by' : 'security.by-two', {
    way: t(`security.${session.by}`),
  })

const drawSession = (session, end) =>
  el(
    'li',
    {},
    el(
      'span',
      { class: 'grow' },
      el('strong', { text: session.browser === '' ? t('security.unknown') : session.browser }),
      session.current ? ` · ${t('security.current')}` : '',
      el('br'),
      el('span', {
        class: 'quiet small',
        text: t('security.when', {
          address: session.address,
          since: exactTime(session.createdAt),
          seen: shortTime(session.lastSeenAt),
          way: ways(session),
        }),
      }),
    ),
    session.current
      ? undefined
      : button('security.end', () => void end(session), {
          'aria-label': `${t('security.end')} ${session.browser} ${session.address}`,
        }),
  )

/** Turning the second step off, or its recovery codes over, takes password and code. */
const drawProof = ({ hasPassword, recoveryCodesLeft: count }, { renew, turnOff }) => [
  el('p', { text: t('enrol.there', { count }) }),
  form(
    renew,
    hasPassword
      ? field('proof-password', 'enrol.password', {
          ...{ type: 'password', autocomplete: 'current-password', maxlength: 128 },
        })
      : [],
    ...field('proof-code', 'security.code', { autocomplete: 'one-time-code', minlength: 6, maxlength: 40 }),
    el('button', { type: 'submit', text: t('security.renew') }),
    button('security.turn-off', (event) => {
      const { form: around } = event.currentTarget
      if (around.reportValidity()) void turnOff(around)
    }),
  ),
]

const proofOf = (element) => {
  const password = element.querySelector('#proof-password')?.value
  return {
    code: element.querySelector('#proof-code').value,
    ...(password === undefined ? {} : { password }),
  }
}

const drawParts = ({ state, sessions }, { renew, turnOff, end, endOthers, enrol, done }) => [
  el('h2', { text: t('second.title') }),
  ...(state.enrolled
    ? drawProof(state, { renew, turnOff })
    : [el('p', { text: t('enrol.why') }), button('security.set-up', enrol, { class: 'primary' })]),
  el('h2', { text: t('security.sessions') }),
  el(
    'ul',
    { class: 'sessions' },
    sessions.map((session) => drawSession(session, end)),
  ),
  sessions.length > 1 ? button('security.end-others', () => void endOthers()) : undefined,
  button('enrol.on', done),
]

/**
 * What the signed-in person does with how they sign in: password, second step, recovery codes, sessions. Draws into
 * `box`; `enrol` leads to setting the second step up, `done` into the desk.
 */
export const createSecurity = ({ box, fail, clear, enrol, done }) => {
  let state
  let sessions = []
  let codes
  let email

  const tried = async (work) => {
    clear()
    password.forget()
    try {
      await work()
      if (codes === undefined) await load()
      draw()
    } catch (error) {
      fail(...meaningOf(error, error.facts?.field === 'password' ? 'enrol.password.wrong' : 'second.wrong'))
    }
  }
  const load = async () => {
    const [step, list, me] = await Promise.all([get('/second-step'), get('/sessions'), get('/me')])
    state = step
    sessions = list.sessions
    email = me.agent.email
  }
  const renew = (element) =>
    tried(async () => {
      codes = (await post('/second-step/recovery-codes', proofOf(element))).recoveryCodes
    })
  const turnOff = (element) => tried(() => post('/second-step/turn-off', proofOf(element)))
  const end = ({ id }) => tried(() => post(`/sessions/${id}/end`, {}))
  const endOthers = () => tried(() => post('/sessions/end-others', {}))
  const password = createPasswordForm({
    ...{ fail, clear },
    // Other sessions have ended by it.
    changed: async () => {
      await load().catch(() => undefined)
      draw()
    },
  })
  const shown = () => {
    codes = undefined
    void tried(() => undefined)
  }

  const acts = { renew, turnOff, end, endOthers, enrol, done }
  const parts = () => [password.draw(email), ...drawParts({ state, sessions }, acts)]
  const draw = () => {
    if (state === undefined) return
    box.replaceChildren(...(codes === undefined ? parts() : drawCodes(codes, shown)).filter(Boolean))
  }

  return {
    draw,
    /** Rejects with `unauthenticated` where nobody is signed in, with `forbidden` who owes the second step. */
    open: async () => {
      codes = undefined
      password.forget()
      await load()
      draw()
    },
  }
}
