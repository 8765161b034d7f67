import { createClientComposer } from './client-composer.js'
import { renderLines } from './client-lines.js'
import { doAct, follow, ownChannel, readClient, setFault } from './client-server.js'
import { button, copy, find, reconcile, remember, remembered, toast } from './dom.js'
import { stickToEnd } from './stick-to-end.js'
import { renderSwitches } from './switches.js'
import { renderWire } from './wire.js'
import { leftOf, loadWords, t } from './words.js'

const { document, location, parent } = globalThis

/** Everything the page knows. */
const store = { user: remembered(`client.${ownChannel}`), state: undefined }
/** In the frame of the try-it page, whose panel shows the works; alone, this page shows them itself. */
const isFramed = parent !== globalThis
let running = false
let again = false

const refresh = async () => {
  again = running
  if (running) return
  running = true
  try {
    do {
      again = false
      store.state = await readClient(store.user)
      store.user = store.state.user?.key
      render()
    } while (again)
  } catch (error) {
    toast(t('failed', { reason: error.message }))
  } finally {
    running = false
  }
}

const act = async (input) => {
  try {
    await doAct(store.user, input)
  } catch (error) {
    toast(t('failed', { reason: error.message }))
    return false
  }
  await refresh()
  tellParent({ acted: true })
  return true
}

/** The try-it page shows what happened to this user's messages. */
const tellParent = (more = {}) => {
  if (!isFramed || store.user === undefined) return
  const news = { type: 'tongda:visitor', channel: ownChannel, contactKey: store.user, ...more }
  parent.postMessage(news, location.origin)
}

const tools = { copyText: async (text) => toast(t((await copy(text)) ? 'copied' : 'copy.failed')) }

const chooseUser = (key) => {
  store.user = key
  remember(`client.${ownChannel}`, key)
  return refresh()
}

const composer = createClientComposer(act)
const keepAtEnd = stickToEnd(find('lines'))

const renderUsers = ({ users, user }) =>
  reconcile(find('users'), users, {
    key: ({ key }) => key,
    signature: ({ key, name }) => `${name}|${key === user?.key}`,
    build: ({ key, name }) =>
      button(
        {
          class: 'quiet small',
          'aria-pressed': String(key === user?.key),
          on: { click: () => chooseUser(key) },
        },
        name,
      ),
  })

const renderAllowance = ({ allowance, now }) => {
  const leftMs = allowance === undefined ? 0 : new Date(allowance.until) - new Date(now)
  const words = leftMs > 0 ? t('client.allowance', { ...allowance, time: leftOf(leftMs) }) : ''
  if (find('allowance').textContent !== words) find('allowance').textContent = words
}

const renderFaults = ({ faults }) => {
  find('faults-box').hidden = isFramed || faults.length === 0
  find('wire-box').hidden = isFramed
  const active = faults.filter(({ on }) => on).length
  find('faults-title').textContent = active === 0 ? t('tab.faults') : `${t('tab.faults')} (${active})`
  renderSwitches(find('faults'), faults, (name, on) =>
    setFault(name, on).then(refresh, (error) => toast(t('failed', { reason: error.message }))),
  )
}

const render = () => {
  const { state } = store
  renderUsers(state)
  renderAllowance(state)
  renderLines(find('lines'), state.lines, {
    channel: ownChannel,
    act,
    mayEdit: state.acts.includes('edit'),
  })
  composer.render(state)
  keepAtEnd(state.user?.key)
  renderFaults(state)
  find('wire-title').textContent = t('tab.requests')
  renderWire(find('wire'), state.exchanges, tools)
  tellParent()
}

await loadWords()
document.title = t(`channel.${ownChannel}`)
find('lines').setAttribute('aria-label', t('lines'))
find('users').setAttribute('aria-label', t('users'))
find('composer').replaceWith(composer.element)
follow(
  () => void refresh(),
  () => undefined,
)
await refresh()
