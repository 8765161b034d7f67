import { button, copy, el, reconcile, toast } from './dom.js'
import { createFaults } from './faults.js'
import { createHappened } from './happened.js'
import { icon } from './icons.js'
import { createRequests } from './requests.js'
import { setClientFault, setSwitch } from './server.js'
import { t } from './words.js'

const names = ['happened', 'requests', 'faults']
const icons = { happened: 'layers', requests: 'link', faults: 'bolt' }

/** Behind the scenes: what happened, every request, faults to switch on. */
export const createPanel = (container, actions) => {
  let store
  const copyText = async (text) => toast((await copy(text)) ? t('copied') : t('copy.failed'))
  const clearFaults = async () => {
    const own = store.state.switches.filter(({ on }) => on).map(({ name }) => setSwitch(name, false))
    const others = store.state.clients.flatMap(({ channel, faults }) =>
      faults.map((name) => setClientFault(channel, name, false)),
    )
    await Promise.all([...own, ...others]).catch(actions.fail)
    return actions.refresh()
  }
  const tools = { ...actions, copyText, clearFaults }
  const bodies = {
    happened: createHappened(tools),
    requests: createRequests(tools),
    faults: createFaults(tools),
  }
  const tabs = createTabs(bodies)
  const channels = el('div', { class: 'channels', role: 'group' })
  container.replaceChildren(channels, tabs.element, ...names.map((name) => bodies[name].element))

  const render = (next) => {
    store = next
    renderChannels(channels, store, actions)
    for (const name of names) bodies[name].render(store)
    const switches = store.channel === 'wechat' ? store.state.switches : (store.clientState?.faults ?? [])
    tabs.count('faults', switches.filter(({ on }) => on).length)
  }
  const translate = () => {
    tabs.translate()
    bodies.faults.translate()
  }
  translate()
  tabs.choose('happened')
  return {
    render,
    translate,
    clearFaults,
    copyText,
    showExchange: (id) => {
      tabs.choose('requests')
      bodies.requests.show(id)
    },
    showStep: (entryId) => {
      tabs.choose('happened')
      bodies.happened.show(entryId)
    },
  }
}

/** Whose works are shown: the WeChat user's, or those of the client in the frame. */
const renderChannels = (element, { channel, contacts, client }, { chooseChannel }) => {
  const others = client in contacts || channel === client ? [client] : []
  element.hidden = others.length === 0
  element.setAttribute('aria-label', t('channels'))
  reconcile(element, ['wechat', ...others], {
    key: (name) => name,
    signature: (name) => `${name === channel}|${globalThis.document.documentElement.lang}`,
    build: (name) =>
      button(
        { 'aria-pressed': String(name === channel), on: { click: () => chooseChannel(name) } },
        t(`channel.${name}`),
      ),
  })
}

/** The row of tabs; arrow keys move, only the chosen one is in the tab order. */
const createTabs = (bodies) => {
  const tabs = Object.fromEntries(names.map((name) => [name, tabOf(name)]))
  const element = el('div', { class: 'tabs', role: 'tablist' }, Object.values(tabs))
  const choose = (chosen) => {
    for (const name of names) {
      tabs[name].setAttribute('aria-selected', String(name === chosen))
      tabs[name].tabIndex = name === chosen ? 0 : -1
      bodies[name].element.hidden = name !== chosen
    }
  }
  names.forEach((name, position) => {
    const body = bodies[name].element
    body.id = `body-${name}`
    body.setAttribute('role', 'tabpanel')
    body.setAttribute('aria-labelledby', `tab-${name}`)
    body.classList.add('panel-body')
    body.tabIndex = 0
    tabs[name].addEventListener('click', () => choose(name))
    tabs[name].addEventListener('keydown', ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
      if (step === undefined) return
      const next = names[(position + step + names.length) % names.length]
      choose(next)
      tabs[next].focus()
    })
  })
  return {
    element,
    choose,
    count: (name, number) => {
      tabs[name].dataset.count = number > 0 ? String(number) : ''
    },
    translate: () => {
      element.setAttribute('aria-label', t('behind'))
      for (const name of names)
        tabs[name].replaceChildren(icon(icons[name]), el('span', {}, t(`tab.${name}`)))
    },
  }
}

const tabOf = (name) =>
  button({ class: 'tab', role: 'tab', id: `tab-${name}`, 'aria-controls': `body-${name}` })
