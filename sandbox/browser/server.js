const { document, fetch, URLSearchParams } = globalThis
const base = document.documentElement.dataset.base

/** A refusal of the server, with its code and its sentence. */
export class Refused extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

const read = async (response) => {
  const body = await response.json().catch(() => ({}))
  if (!response.ok)
    throw new Refused(body.code ?? String(response.status), body.message ?? response.statusText)
  return body
}

export const get = async (path) => read(await fetch(`${base}/api/${path}`))
export const post = async (path, body) =>
  read(
    await fetch(`${base}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )

export const readState = (openid) => get(`state?openid=${encodeURIComponent(openid ?? '')}`)
export const readSteps = (channel, contact) =>
  get(`steps?${new URLSearchParams({ channel, contact }).toString()}`)
export const readExchange = (id) => get(`exchanges/${id}`)
export const act = (openid, input) => post(`users/${encodeURIComponent(openid)}/acts`, input)
export const readClientState = (channel, user) =>
  get(`clients/${channel}/state?${new URLSearchParams({ user }).toString()}`)
export const setClientFault = (channel, name, on) => post(`clients/${channel}/faults`, { name, on })
export const replay = (id) => post(`exchanges/${id}/replay`, {})
export const setSwitch = (name, on) => post('switches', { name, on })
export const countDemo = () => get('reset')
export const resetDemo = () => post('reset', {})
export const startPlay = (name) => post('plays', { name })
export const stopPlay = () => post('plays/stop', {})
export const putForward = (ms) => post('clock', { ms })
export const expireTokens = () => post('tokens/expire', {})
export const mediaUrl = (mediaId) => `${base}/api/media/${encodeURIComponent(mediaId)}`

const pollMs = 2_000

/**
 * Calls `changed` whenever the server says so; by server-sent events, or every two seconds while they fail.
 * `tellMode` hears `live` or `polling`.
 */
export const follow = (changed, tellMode) => {
  let timer
  const poll = (on) => {
    globalThis.clearInterval(timer)
    timer = on ? globalThis.setInterval(changed, pollMs) : undefined
    tellMode(on ? 'polling' : 'live')
  }
  poll(true)
  const connect = () => {
    const source = new globalThis.EventSource(`${base}/api/live`)
    source.addEventListener('open', () => poll(false))
    source.addEventListener('change', changed)
    source.addEventListener('error', () => {
      poll(true)
      // The browser gives up for good on some answers; then we start again ourselves.
      if (source.readyState === globalThis.EventSource.CLOSED) globalThis.setTimeout(connect, pollMs)
    })
  }
  connect()
}
