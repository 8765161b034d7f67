import { find, remember, remembered } from './dom.js'

const { URL, fetch, location } = globalThis

const askAt = (api) => async (path, body) => {
  const response = await fetch(`${api}/${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    cache: 'no-store',
  })
  return response.ok ? response.json() : undefined
}

/** What has to be done before the desk opens: its address there. */
const doors = { desk: '', 'second-step': '#second-step', enrol: '#enrol' }

/**
 * Where the desk begins: in it, where somebody is signed in to it here already or the one-time link lets them in; else
 * before its door.
 */
const begin = async ({ url, api }, signInUrl) => {
  const ask = askAt(api)
  const knows = await ask('me').catch(() => undefined)
  const token = signInUrl === undefined ? undefined : new URL(signInUrl).hash.replace('#token=', '')
  if (knows !== undefined || token === undefined) return url
  const entered = await ask('session/link', { token }).catch(() => undefined)
  const door = doors[entered?.next ?? 'desk']
  return door === '' ? url : `${new URL(signInUrl).pathname}${door}`
}

/**
 * The agents' desk beside the clients, while it is switched on. `read` gives the state of the page; `signedIn` is called
 * once the one-time link may have been used.
 */
export const createBeside = ({ read, signedIn }) => {
  const frame = find('beside-frame')
  let isOn = remembered('beside') === 'on'
  let begun = false
  const isThere = () => read()?.beside !== undefined
  const open = async () => {
    if (begun || !isThere()) return
    begun = true
    const address = await begin(read().beside, read().signInUrl)
    // Switched off meanwhile.
    if (!begun) return
    frame.setAttribute('src', address)
    signedIn()
  }
  const close = () => {
    begun = false
    // Nobody sits at a desk that is not shown: no tickets are looked at there.
    frame.removeAttribute('src')
  }
  return {
    isThere,
    isOn: () => isOn && isThere(),
    set(on) {
      isOn = on
      remember('beside', on ? 'on' : 'off')
      if (on) void open()
      else close()
    },
    /** Opens it if it is switched on; called with each new state. */
    follow: () => isOn && void open(),
    reload() {
      close()
      void open()
    },
    /** Opens a ticket in it; without one, the desk as it is. */
    showTicket(ticketId) {
      begun = true
      const { url } = read().beside
      const address = ticketId === undefined ? url : `${url}/inbox/open/${encodeURIComponent(ticketId)}`
      frame.setAttribute('src', new URL(address, location.origin).href)
    },
  }
}
