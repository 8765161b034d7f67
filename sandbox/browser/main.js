import { createBeside } from './beside.js'
import { offerJumps, offerPlays, renderDirector, stagingNotices, stagingOf } from './director.js'
import { button, el, find, reconcile, remember, remembered, toast } from './dom.js'
import { icon } from './icons.js'
import { createPanel } from './panel.js'
import { createPhone } from './phone.js'
import { reset } from './reset.js'
import { follow, readClientState, readState, readSteps } from './server.js'
import { loadWords, switchLanguage, t, tOr } from './words.js'

const { document, location, URL } = globalThis
const root = document.documentElement

/** Everything the page knows. Components read it; only this module writes it. */
const store = {
  openid: remembered('user'),
  state: undefined,
  steps: [],
  /** What the simulated provider of the channel that is looked at knows; none for WeChat and the widget. */
  clientState: undefined,
  channel: 'wechat',
  /** The contact each framed client stands for, by channel. */
  contacts: {},
  client: remembered('client') ?? 'web',
  mode: 'polling',
}

let phone
let panel
let beside
let running = false
let again = false

/** Fetches the state and shows it; calls that come meanwhile are folded into one more round. */
const refresh = async () => {
  if (running) {
    again = true
    return
  }
  running = true
  try {
    const state = await readState(store.openid)
    store.state = state
    store.openid = state.user?.openid
    const { channel } = store
    const contact = channel === 'wechat' ? store.openid : store.contacts[channel]
    const isSimulated = contact !== undefined && channel !== 'wechat' && channel !== 'web'
    const [steps, clientState] = await Promise.all([
      contact === undefined ? [] : readSteps(channel, contact),
      isSimulated ? readClientState(channel, contact) : undefined,
    ])
    if (channel === store.channel) Object.assign(store, { steps, clientState })
    delete root.dataset.offline
  } catch {
    root.dataset.offline = ''
  } finally {
    running = false
  }
  if (store.state !== undefined) render()
  if (again) {
    again = false
    await refresh()
  }
}

const actions = {
  refresh,
  chooseUser: (openid) => {
    store.openid = openid
    remember('user', openid)
    return refresh()
  },
  chooseChannel: (channel) => {
    if (store.channel === channel) return undefined
    Object.assign(store, { channel, steps: [], clientState: undefined })
    return refresh()
  },
  chooseClient: (channel) => {
    store.client = channel
    remember('client', channel)
    renderClients()
    // Whoever looks at WeChat goes on looking at it while the widget is in the frame.
    if (channel !== 'web' || store.channel !== 'wechat') return actions.chooseChannel(channel)
    panel.render(store)
    return undefined
  },
  showExchange: async (id) => {
    showView('behind')
    await actions.chooseChannel('wechat')
    panel.showExchange(id)
  },
  showStep: async (entryId) => {
    showView('behind')
    await actions.chooseChannel('wechat')
    panel.showStep(entryId)
  },
  /** True: the ticket is shown beside the clients, and needs no window of its own. */
  openInDesk: (ticketId) => {
    if (!beside.isOn()) return false
    beside.showTicket(ticketId)
    if (isNarrow()) showView('beside')
    return true
  },
  fail: (error) => toast(t('failed', { reason: error.message })),
}

const render = () => {
  renderTop()
  renderUsers()
  renderNotices()
  renderClients()
  phone.render(store)
  panel.render(store)
  renderBeside()
  beside.follow()
}

/** A link of the bar; hidden where it leads nowhere. */
const lead = (id, address) => {
  const link = find(id)
  link.hidden = address === undefined
  if (address !== undefined && link.getAttribute('href') !== address) link.setAttribute('href', address)
}

const renderTop = () => {
  const { deskUrl, helpUrl } = store.state
  lead('desk', deskUrl)
  lead('help', helpUrl)
  const connection = find('connection')
  const mode = 'offline' in root.dataset ? 'offline' : store.mode
  connection.dataset.mode = mode
  connection.textContent = t(`connection.${mode}`)
}

const renderUsers = () =>
  reconcile(find('users'), store.state.users, {
    key: (user) => user.openid,
    signature: (user) => `${user.name}|${user.openid === store.openid}|${user.followed}|${root.lang}`,
    build: (user) =>
      button(
        {
          class: 'user',
          'aria-pressed': user.openid === store.openid,
          title: user.followed ? user.name : t('user.left', { name: user.name }),
          data: { hue: String(store.state.users.indexOf(user) % 4) },
          on: { click: () => actions.chooseUser(user.openid) },
        },
        el('span', { class: 'face', 'aria-hidden': 'true' }, user.name.slice(0, 1)),
        el('span', { class: user.followed ? '' : 'struck' }, user.name),
      ),
  })

const renderNotices = () => {
  const wordsOf = (names) =>
    names.map((name) => tOr(`fault.${name}.client`, tOr(`fault.${name}`, name))).join(t('list.comma'))
  const own = store.state.switches.filter((each) => each.on).map((each) => each.name)
  const on = [
    ...(own.length === 0 ? [] : [`${t('view.wechat')} ${wordsOf(own)}`]),
    ...store.state.clients
      .filter(({ faults }) => faults.length > 0)
      .map(({ channel, faults }) => `${t(`client.${channel}`)} ${wordsOf(faults)}`),
  ]
  const notices = [
    ...('offline' in root.dataset ? [{ kind: 'offline', values: [] }] : []),
    ...(on.length > 0 ? [{ kind: 'faults', values: on }] : []),
    ...stagingOf(store.state),
    ...(store.state.signInUrl === undefined ? [] : [{ kind: 'sign-in', values: [store.state.signInUrl] }]),
  ]
  reconcile(find('notices'), notices, {
    key: (notice) => notice.kind,
    signature: (notice) => `${notice.values.join()}|${root.lang}`,
    build: (notice) => noticeBuilders[notice.kind](notice.values),
  })
}

const noticeBuilders = {
  ...stagingNotices,
  offline: () =>
    el('div', { class: 'notice bad', role: 'alert' }, icon('warning'), el('span', {}, t('offline'))),
  faults: (names) =>
    el(
      'div',
      { class: 'notice warn' },
      icon('bolt'),
      el('span', { class: 'grow' }, t('faults.active', { names: names.join(t('list.comma')) })),
      button({ class: 'quiet small', on: { click: () => panel.clearFaults() } }, t('faults.clear')),
    ),
  'sign-in': ([url]) =>
    el(
      'div',
      { class: 'notice info' },
      icon('key'),
      el('span', { class: 'grow' }, t('signIn.explain')),
      el('code', { class: 'sign-in-url' }, url),
      button(
        { class: 'quiet small sign-in-copy', on: { click: () => panel.copyText(url) } },
        icon('copy'),
        t('copy'),
      ),
      el(
        'a',
        { class: 'button small primary', href: url, target: '_blank', rel: 'noopener' },
        icon('open'),
        t('signIn.open'),
      ),
    ),
}

/** The client in the frame: the widget, unless another channel was chosen and is there. */
const shownClient = () =>
  store.state.clients.find(({ channel }) => channel === store.client) ?? store.state.clients[0]

/** Clients that could be here: how to get them. */
const renderMissing = () =>
  reconcile(find('missing'), store.state.missing, {
    key: ({ channel }) => channel,
    signature: () => root.lang,
    build: ({ channel, command }) =>
      button(
        { class: 'user', on: { click: () => explainMissing(channel, command) } },
        t('missing.chip', { channel: t(`client.${channel}`) }),
      ),
  })

const explainMissing = (channel, command) => {
  const dialog = find('ask')
  dialog.replaceChildren(
    el('h2', { id: 'ask-title' }, t('missing.title', { channel: t(`client.${channel}`) })),
    el('p', {}, t('missing.text')),
    el('pre', { class: 'command', tabindex: '0' }, command),
    el(
      'div',
      { class: 'ask-actions' },
      button({ class: 'quiet', on: { click: () => panel.copyText(command) } }, icon('copy'), t('copy')),
      button({ class: 'button', autofocus: true, on: { click: () => dialog.close() } }, t('close')),
    ),
  )
  dialog.showModal()
}

const clientUrl = ({ url }) => new URL(url, `${location.origin}${root.dataset.base}/`)

const renderClients = () => {
  const shown = shownClient()
  const { clients } = store.state
  find('clients').parentElement.hidden = clients.length + store.state.missing.length < 2
  reconcile(find('clients'), clients, {
    key: ({ channel }) => channel,
    signature: ({ channel }) => `${channel === shown.channel}|${root.lang}`,
    build: ({ channel }) =>
      button(
        {
          class: 'user',
          'aria-pressed': channel === shown.channel,
          on: { click: () => actions.chooseClient(channel) },
        },
        t(`client.${channel}`),
      ),
  })
  renderMissing()
  const frame = find('web-frame')
  const url = clientUrl(shown)
  find('web-title-words').textContent = t(`client.${shown.channel}`)
  find('view-web').textContent = t(`client.${shown.channel}`)
  find('web-address').textContent = `${url.host}${url.pathname}`
  frame.title = t('client.frame', { channel: t(`client.${shown.channel}`) })
  if (frame.getAttribute('src') !== url.href) frame.setAttribute('src', url.href)
}

/** The desk beside the clients, its switch, and its tab on a phone. */
const renderBeside = () => {
  const isOn = beside.isOn()
  const stage = find('stage')
  const wanted = beside.isThere() ? (isOn ? 'desk' : 'works') : ''
  if (stage.dataset.side === wanted) return
  stage.dataset.side = wanted
  find('beside').hidden = wanted === ''
  find('beside-switch').hidden = wanted === ''
  find('beside-switch').setAttribute('aria-pressed', String(isOn))
  renderViews()
  // On a phone it goes on where it was left.
  if (isOn && remembered('view') === 'beside') showView('beside')
}

const setBeside = (on) => {
  beside.set(on)
  if (store.state !== undefined) renderBeside()
}

const isNarrow = () => globalThis.matchMedia('(max-width: 759px)').matches

/** On a phone one of them stands in front. */
const showView = (view) => {
  find('stage').dataset.view = view
  remember('view', view)
  if (view === 'beside') setBeside(true)
  for (const tab of find('views').children)
    tab.setAttribute('aria-pressed', String(tab.dataset.view === view))
}

const views = [
  ['wechat', 'chat'],
  ['web', 'globe'],
  ['behind', 'layers'],
  ['beside', 'person'],
]

/** A view by its name; the frame by the client in it. */
const wordOf = (view) =>
  view === 'web' && store.state !== undefined ? t(`client.${shownClient().channel}`) : t(`view.${view}`)

/** Words outside of components; again after each change of language. */
const renderFixedWords = () => {
  const theme = root.dataset.theme ?? 'system'
  find('language').textContent = t('language.other')
  find('language').setAttribute('lang', t('language.otherCode'))
  const themeButton = find('theme')
  themeButton.replaceChildren(icon({ light: 'sun', dark: 'moon', system: 'system' }[theme]))
  themeButton.setAttribute('aria-label', t(`theme.${theme}`))
  themeButton.title = t(`theme.${theme}`)
  find('desk').replaceChildren(icon('open'), el('span', {}, t('desk.open')))
  renderDirector()
  find('reset').replaceChildren(icon('trash'), el('span', {}, t('reset')))
  find('reset').title = t('reset')
  find('web-reload').replaceChildren(icon('replay'), t('web.reload'))
  find('users').setAttribute('aria-label', t('users'))
  find('clients').setAttribute('aria-label', t('clients'))
  find('help').replaceChildren(icon('book'), el('span', {}, t('help.open')))
  find('help').title = t('help.open')
  find('beside-switch').replaceChildren(icon('columns'), el('span', {}, t('beside.switch')))
  find('beside-switch').title = t('beside.switch')
  find('beside-reload').replaceChildren(icon('replay'), t('web.reload'))
  find('beside-frame').title = t('beside')
  renderViews()
}

const renderViews = () => {
  const current = find('stage').dataset.view
  const shown = views.filter(([view]) => view !== 'beside' || beside.isThere())
  find('views').setAttribute('aria-label', t('views'))
  find('views').replaceChildren(
    ...shown.map(([view, name]) =>
      button(
        { data: { view }, 'aria-pressed': String(view === current), on: { click: () => showView(view) } },
        icon(name),
        el('span', { id: `view-${view}` }, wordOf(view)),
      ),
    ),
  )
}

const changeTheme = () => {
  const order = ['system', 'light', 'dark']
  const next = order[(order.indexOf(root.dataset.theme ?? 'system') + 1) % order.length]
  if (next === 'system') delete root.dataset.theme
  else root.dataset.theme = next
  remember('theme', next)
  renderFixedWords()
}

const changeLanguage = async () => {
  await switchLanguage()
  renderFixedWords()
  phone.translate()
  panel.translate()
  if (store.state !== undefined) render()
}

/** Looks at a client's works; the widget alone waits until it is asked for. */
const look = async (channel) => {
  if (channel === store.channel) await refresh()
  else if (channel === 'web') render()
  else await actions.chooseChannel(channel)
}

/** A framed client may say who it is; then the panel can show that conversation as well. */
const hearClient = ({ origin, source, data }) => {
  const frame = find('web-frame')
  if (store.state === undefined || source !== frame.contentWindow) return
  const shown = shownClient()
  if (origin !== clientUrl(shown).origin) return
  if (data?.type !== 'tongda:visitor' || typeof data.contactKey !== 'string') return
  const isNew = store.contacts[shown.channel] !== data.contactKey
  store.contacts[shown.channel] = data.contactKey
  // What somebody works with is what is looked at: another client, another user of it.
  if (data.acted === true || (isNew && shown.channel === store.client)) void look(shown.channel)
  else if (isNew) render()
}

await loadWords()
phone = createPhone(find('phone'), actions)
panel = createPanel(find('panel'), actions)
beside = createBeside({ read: () => store.state, signedIn: () => void refresh() })
renderFixedWords()
find('language').addEventListener('click', changeLanguage)
find('theme').addEventListener('click', changeTheme)
const reloadClient = () => {
  if (store.state !== undefined) find('web-frame').setAttribute('src', clientUrl(shownClient()).href)
}
find('beside-switch').addEventListener('click', () => setBeside(!beside.isOn()))
find('beside-reload').addEventListener('click', () => beside.reload())
find('web-reload').addEventListener('click', reloadClient)
find('reset').addEventListener('click', () =>
  reset(() => {
    reloadClient()
    void refresh()
  }),
)
find('plays').addEventListener('click', () => store.state !== undefined && offerPlays(store.state))
find('clock').addEventListener('click', () => store.state !== undefined && offerJumps(store.state))
globalThis.addEventListener('message', hearClient)
follow(
  () => void refresh(),
  (mode) => {
    store.mode = mode
    if (store.state !== undefined) renderTop()
  },
)
// The product tells us nothing when a decision is stored or a colleague answers the web visitor: look now and then.
globalThis.setInterval(() => {
  if (document.visibilityState === 'visible') void refresh()
}, 4_000)
await refresh()
