import { get, post } from './api.js'
import { el } from './dom.js'
import { exactTime, shortTime } from './format.js'
import { button, drawCodes, field, form, meaningOf } from './sign-in-enrol.js'
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

/** Setting or changing the password. The address goes along for password managers. */
const drawPassword = ({ email, said }, setPassword) =>
  el(
    'section',
    { 'aria-labelledby': 'password-title', class: 'stack' },
    el('h2', { id: 'password-title', text: t('password.title') }),
    el('p', { role: 'status', text: said ? t('done.password') : '' }),
    form(
      setPassword,
      el('input', { type: 'email', name: 'email', value: email, autocomplete: 'username', hidden: true }),
      ...field('password-current', 'password.current', {
        ...{ type: 'password', autocomplete: 'current-password', maxlength: 128, required: false },
        'aria-describedby': 'password-current-hint',
      }),
      el('p', { id: 'password-current-hint', class: 'quiet small', text: t('password.current.hint') }),
      ...field('password-next', 'password.next', {
        ...{ type: 'password', autocomplete: 'new-password', maxlength: 128 },
        'aria-describedby': 'password-next-hint',
      }),
      el('p', { id: 'password-next-hint', class: 'quiet small', text: t('password.next.hint') }),
      ...field('password-repeat', 'password.repeat', {
        ...{ type: 'password', autocomplete: 'new-password', maxlength: 128 },
      }),
      el('button', { type: 'submit', text: t('password.save') }),
    ),
  )

const passwordFault = (error) => {
  if (error.code === 'forbidden') return ['password.wrong']
  return error.code === 'bad_input' ? ['password.weak'] : meaningOf(error)
}

/**
 * What the signed-in person does with how they sign in: password, second step, recovery codes, sessions. Draws into `box`; `enrol`
 * leads to setting the second step up, `done` into the desk.
 */
export const createSecurity = ({ box, fail, clear, enrol, done }) => {
  let state
  let sessions = []
  let codes
  let email
  let said = false

  const tried = async (work) => {
    clear()
    said = false
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
  const setPassword = async (element) => {
    clear()
    said = false
    const value = (name) => element.querySelector(`#password-${name}`).value
    if (value('next') !== value('repeat')) return fail('password.differ')
    const current = value('current')
    try {
      await post('/password', { ...(current === '' ? {} : { current }), next: value('next') })
    } catch (error) {
      return fail(...passwordFault(error))
    }
    // Other sessions have ended by it.
    await load().catch(() => undefined)
    said = true
    return draw()
  }
  const shown = () => {
    codes = undefined
    void tried(() => undefined)
  }

  const parts = () => [
    drawPassword({ email, said }, setPassword),
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
  const draw = () => {
    if (state === undefined) return
    box.replaceChildren(...(codes === undefined ? parts() : drawCodes(codes, shown)).filter(Boolean))
  }

  return {
    draw,
    /** Rejects with `unauthenticated` where nobody is signed in, with `forbidden` who owes the second step. */
    open: async () => {
      codes = undefined
      said = false
      await load()
      draw()
    },
  }
}
