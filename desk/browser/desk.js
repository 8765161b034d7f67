/* global document, location, history, setInterval, setTimeout */
import { ApiError, createKey, get, post } from './api.js'
import { createAlerts } from './alerts.js'
import { createComposer } from './composer.js'
import { postAsking } from './conflicts.js'
import { actionsOf, drawConversation } from './conversation.js'
import { showHelp, showPassword } from './dialogs.js'
import { announce, byId } from './dom.js'
import { createIncidents } from './incidents.js'
import { createInboxes } from './inboxes.js'
import { listenToKeys } from './keys.js'
import { drawList, drawViews, moveFocus, views } from './list.js'
import { listen } from './live.js'
import { createPresence } from './presence.js'
import { countOf, inView, listLimit, may, state } from './state.js'
import { askTransfer } from './transfer.js'
import { createUndo } from './undo.js'
import { currentLanguage, has, setLanguage, t } from './words.js'

let composer
let live
let inboxes
let alerts
let incidents
let presence

const textOf = (error) => {
  if (!(error instanceof ApiError)) return t('error.other')
  if (error.facts.reason === 'origin') return t('error.origin')
  const key = `error.${error.code}`
  return has(key) ? t(key, { seconds: error.facts.retryAfterSeconds }) : t('error.other')
}

/** What the address names is opened once somebody is signed in; a fragment stays out of every log. */
const toSignIn = () => location.replace(`/desk/sign-in${location.hash}`)

const draw = () => {
  const counts = Object.fromEntries(
    views.filter((view) => view !== 'solved').map((view) => [view, countOf(view)]),
  )
  drawViews(state.view, counts, chooseView)
  drawList(inView(state.view), { ...state, open: openTicket })
  if (state.fault !== undefined) byId('empty').textContent = state.fault
  document.title = `${counts.unassigned === '0' ? '' : `(${counts.unassigned}) `}${t('title')}`
}

const drawDetail = (fresh) => {
  document.body.classList.toggle('has-open', state.openId !== undefined)
  byId('thread').hidden = state.detail === undefined
  byId('no-thread').hidden = state.detail !== undefined
  byId('no-thread').textContent = state.openId === undefined ? t('empty.conversation') : t('loading')
  if (state.detail === undefined) return
  const follow = fresh || state.follow
  state.follow = false
  drawConversation(state.detail, { me: state.me, may, opened: state.opened, follow, actions })
  byId('composer').hidden = !may('ticket.reply')
  byId('read-only').hidden = may('ticket.reply')
  byId('read-only').textContent = t('compose.read-only')
}

const lookAtList = async () => {
  const wanted = state.view === 'solved' ? ['open', 'solved'] : ['open']
  const answers = await Promise.all(wanted.map((view) => get(`/tickets?view=${view}&limit=${listLimit}`)))
  wanted.forEach((view, place) => {
    state[view] = answers[place].tickets
  })
  state.fault = undefined
}

const lookAtOpen = async (fresh = false) => {
  const id = state.openId
  if (id === undefined) return
  const detail = await get(`/tickets/${id}`)
  // Meanwhile another ticket may have been opened, or a newer state seen.
  if (state.openId !== id || (state.detail?.ticket.version ?? 0) > detail.ticket.version) return
  state.detail = detail
  drawDetail(fresh)
}

const failLook = (error) => {
  live?.looked(error.code !== 'network')
  if (error.code === 'unauthenticated') toSignIn()
  if (error.code === 'forbidden') state.fault = t('role.no-tickets')
  if (error.code === 'not_found') {
    announce(t('error.not_found'), 'bad')
    leave()
  }
}

const lookOnce = async () => {
  try {
    await Promise.all([lookAtList(), lookAtOpen(), alerts?.look(), incidents?.look()])
    live?.looked(true)
  } catch (error) {
    failLook(error)
  }
  draw()
}

let looking
let again = false

/** Looks at the list and the open ticket; wishes that come meanwhile become one more look. */
const look = () => {
  again = looking !== undefined
  looking ??= (async () => {
    do {
      again = false
      await lookOnce()
    } while (again)
    looking = undefined
  })()
  return looking
}

const chooseView = (view) => {
  state.view = view
  draw()
  void look()
}

const show = (id) => {
  state.openId = id
  state.detail = undefined
  state.opened = new Set()
  draw()
  drawDetail(true)
}

const openTicket = async (id, { push = true } = {}) => {
  if (state.openId === id && state.detail !== undefined) return byId('subject')?.focus()
  if (push) history.pushState(null, '', `#/t/${id}`)
  show(id)
  try {
    await lookAtOpen(true)
    if (may('ticket.reply')) composer.open(id, state.detail?.textLimits)
    byId('subject')?.focus({ preventScroll: true })
  } catch (error) {
    failLook(error)
    if (state.openId === id) byId('no-thread').textContent = textOf(error)
  }
  return undefined
}

const leave = () => {
  const id = state.openId
  history.pushState(null, '', '/desk')
  show(undefined)
  document.querySelector(`[data-ticket="${id}"]`)?.focus()
}

/** The newest act of this page, while it can be taken back. */
const undo = createUndo({
  done: ({ act, ticketId, text }) => {
    if (act === 'reply') composer.restore(ticketId, text)
    void look()
  },
  failed: (error) => {
    announce(error.code === 'conflict' ? t('undo.late') : textOf(error), 'bad')
    void look()
  },
})

const busy = new Set()

/** Runs one change of the open ticket's state; a second click while it runs does nothing. */
const act = async (name, { force = false, ...facts } = {}) => {
  const { ticket } = state.detail ?? {}
  if (ticket === undefined || busy.has(name)) return
  busy.add(name)
  try {
    const body = { version: ticket.version, ...(force ? { force } : {}), ...facts }
    const context = { look, goOn: 'conflict.again' }
    const done = await postAsking(`/tickets/${ticket.id}/${name}`, body, createKey(), context)
    if (done !== undefined) undo.offer(done, t(`done.${name}`), { ticketId: ticket.id })
  } catch (error) {
    announce(textOf(error), 'bad')
  } finally {
    busy.delete(name)
    await look()
  }
}

const allowed = () =>
  state.detail === undefined ? {} : actionsOf(state.detail.ticket, { me: state.me, may })

const actions = {
  take: () => {
    const { take, force } = allowed()
    if (take) void act('take', { force })
  },
  handBack: () => {
    if (allowed().handBack) void act('hand-back')
  },
  solve: () => {
    if (allowed().solve) void act('solve')
  },
  transfer: async () => {
    if (!allowed().transfer) return
    const { ticket } = state.detail
    try {
      const wanted = await askTransfer(ticket, await presence.look())
      if (wanted !== undefined && state.detail?.ticket.id === ticket.id) void act('transfer', wanted)
    } catch (error) {
      announce(textOf(error), 'bad')
    }
  },
  retry: async (messageId) => {
    try {
      await post(`/messages/${messageId}/retry`, {})
      announce(t('done.retry'))
    } catch (error) {
      announce(textOf(error), 'bad')
    }
    await look()
  },
  move: ({ conversationId }) => void act('move', { conversationId }),
  refresh: () => look(),
  leave,
}

/** Sends a reply or a note; true once the server has it. */
const send = async (ticketId, mode, { text, files, key }) => {
  try {
    const seen = mode === 'reply' && state.detail?.ticket.id === ticketId
    const attachments = files.map(({ mediaId, name }) => ({ mediaId, name }))
    const body = {
      text,
      ...(seen ? { version: state.detail.ticket.version } : {}),
      ...(mode === 'reply' && files.length > 0 ? { attachments } : {}),
    }
    const done = await postAsking(`/tickets/${ticketId}/${mode}`, body, key, { look, goOn: 'conflict.send' })
    if (done === undefined) return false
    undo.offer(done, t(`done.${mode}`), { ticketId, text })
    state.follow = true
    void look()
    return true
  } catch (error) {
    composer.fail(`${t('compose.kept')} ${textOf(error)}`)
    return false
  }
}

const drawLive = (status) => {
  byId('live').dataset.status = status
  byId('live').title = t(`live.${status}.hint`)
  byId('live').textContent = `${{ on: '●', polling: '◐', off: '○' }[status]} ${t(`live.${status}`)}`
}

const drawFrame = () => {
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t)
  for (const element of document.querySelectorAll('[data-t-label]'))
    element.setAttribute('aria-label', t(element.dataset.tLabel))
  byId('me').textContent = state.me?.name ?? ''
}

const redraw = () => {
  drawFrame()
  drawLive(byId('live').dataset.status ?? 'polling')
  draw()
  drawDetail(false)
  composer.draw()
  inboxes.draw()
  alerts.draw()
  incidents?.draw()
  presence?.draw()
}

const followAddress = () => {
  const id = /^#\/t\/([\w-]+)$/.exec(location.hash)?.[1]
  if (id !== undefined) void openTicket(id, { push: false })
  else if (state.openId !== undefined) show(undefined)
}

const compose = (mode) => {
  if (state.detail !== undefined && may('ticket.reply')) composer.setMode(mode)
}

const wire = () => {
  byId('language').addEventListener('click', () => {
    setLanguage(currentLanguage() === 'en' ? 'zh' : 'en')
    redraw()
    // Titles and summaries come in the page's language.
    void look()
  })
  byId('inboxes').addEventListener('click', () => void inboxes.open())
  byId('help').addEventListener('click', () => void showHelp())
  byId('password').addEventListener('click', () => void showPassword(state.me.email))
  byId('sign-out').addEventListener('click', async () => {
    const { at } = await post('/session/sign-out', {}).catch(() => ({}))
    // The identity provider goes on with it.
    if (at === undefined) toSignIn()
    else location.assign(at)
  })
  globalThis.addEventListener('popstate', followAddress)
  listenToKeys({
    j: () => moveFocus(1, state.openId),
    k: () => moveFocus(-1, state.openId),
    r: () => compose('reply'),
    n: () => compose('note'),
    e: actions.solve,
    m: actions.take,
    b: actions.handBack,
    t: () => void actions.transfer(),
    z: () => void undo.run(),
    '?': () => void showHelp(),
  })
}

const start = async () => {
  setLanguage(currentLanguage())
  drawFrame()
  try {
    const me = await get('/me')
    state.me = me.agent
    state.permissions = me.permissions
    state.maxFileBytes = me.maxFileBytes
  } catch (error) {
    if (error.code === 'unauthenticated') return toSignIn()
    if (error.facts.reason === 'enrol') return location.replace('/desk/sign-in#enrol')
    byId('empty').textContent = textOf(error)
    return setTimeout(() => void start(), 5_000)
  }
  const { me, maxFileBytes } = state
  // A hint to the contact: nobody misses it when it is lost.
  const tellTyping = (ticketId, on) => void post(`/tickets/${ticketId}/typing`, { on }).catch(() => undefined)
  composer = createComposer({ agentId: me.id, maxFileBytes, send, explain: textOf, tellTyping })
  alerts = createAlerts({ open: (id) => void openTicket(id) })
  incidents = may('incident.read') ? createIncidents({ may, explain: textOf }) : undefined
  presence = may('ticket.take') ? createPresence({ explain: textOf }) : undefined
  inboxes = createInboxes({ mayResume: () => may('inbox.resume') })
  wire()
  redraw()
  live = listen(() => void look(), drawLive)
  await look()
  followAddress()
  const lookAtPresence = () => presence?.look().catch(() => undefined)
  void lookAtPresence()
  const lookAtInboxes = () => inboxes.look().catch(() => undefined)
  void lookAtInboxes()
  return setInterval(() => {
    draw()
    void lookAtInboxes()
    void lookAtPresence()
  }, 30_000)
}

void start()
