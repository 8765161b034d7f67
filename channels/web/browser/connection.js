/* global AbortController, WebSocket, clearInterval, clearTimeout, document, fetch, setInterval, setTimeout, window */

const pingEveryMs = 25_000
const answerWithinMs = 10_000
const readyWithinMs = 5_000
const stableAfterMs = 30_000
/** Sockets that fail this often in a row without ever getting ready make the page poll instead. */
const socketTries = 2

/** Full jitter: anything between nothing and half a second doubled per failure, at most 30 s. */
const backOffMs = (failures) => Math.random() * Math.min(30_000, 500 * 2 ** failures)

/**
 * Keeps the visitor connected: a session that survives reloads, a WebSocket or, where none gets through, long polls.
 * `handle` hears `state`, `event`, `accepted`, `refused`, `typing` and `resync`.
 * @param {{ base: URL, tokens: { get(): string | null, set(token: string | null): void }, handle: object, pollOnly: boolean }} options
 */
export const createConnection = ({ base, tokens, handle, pollOnly }) => {
  let cursor = 0
  let failures = 0
  let socketFailures = pollOnly ? socketTries : 0
  let hasSession = false
  /** @type {{ send(message: object): void, signal(frame: object): void, close(): void } | undefined} */
  let transport
  let timer
  /** `trying` or connected, `paused` before the next try, or resting for a reason: `replaced`, `forbidden`. */
  let phase = 'paused'

  const call = (path, { method = 'GET', body, signal, token = tokens.get() } = {}) =>
    fetch(new URL(path, base), {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })

  const retryLater = (waitMs = backOffMs(failures)) => {
    failures += 1
    phase = 'paused'
    clearTimeout(timer)
    timer = setTimeout(connect, waitMs)
  }

  /** Makes sure of a valid token. False: cannot go on now, and the next try is settled. */
  const ensureSession = async () => {
    if (hasSession) return true
    const response = await call('session', { method: 'POST' })
    if (response.status === 401) {
      tokens.set(null)
      return ensureSession()
    }
    if (response.status === 403) {
      phase = 'forbidden'
      handle.state('forbidden')
      return false
    }
    if (!response.ok) {
      handle.state(response.status === 429 ? 'busy' : 'waiting')
      retryLater(Number(response.headers.get('retry-after') ?? 0) * 1_000 || undefined)
      return false
    }
    tokens.set((await response.json()).token)
    hasSession = true
    return true
  }

  const hear = (frame) => {
    if (frame.t === 'ev') {
      if (frame.seq <= cursor) return
      cursor = frame.seq
      handle.event(frame)
    } else if (frame.t === 'accepted') handle.accepted(frame.clientMsgId, frame.seq)
    else if (frame.t === 'typing') handle.typing(frame.on)
    else if (frame.t === 'resync') {
      cursor = 0
      handle.resync()
    } else if (frame.t === 'error' && frame.clientMsgId) handle.refused(frame.clientMsgId, frame)
  }

  const lost = (code) => {
    transport = undefined
    if (code === 4008) {
      phase = 'replaced'
      handle.state('replaced')
      return
    }
    if (code === 4010) hasSession = false
    handle.state(code === 1013 || code === 4029 ? 'busy' : 'waiting')
    retryLater(code === 1013 || code === 4029 ? 5_000 + Math.random() * 5_000 : undefined)
  }

  const openSocket = () => {
    const address = new URL('ws', base)
    address.protocol = address.protocol.replace('http', 'ws')
    const socket = new WebSocket(address)
    let isReady = false
    let heardAt = Date.now()
    let ackTimer
    const send = (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    }
    /** Acknowledges what came within a moment together. */
    const acknowledge = () => {
      clearTimeout(ackTimer)
      ackTimer = setTimeout(() => send({ t: 'ack', seq: cursor }), 200)
    }
    const giveUp = setTimeout(() => isReady || socket.close(), readyWithinMs)
    const pinging = setInterval(() => {
      if (Date.now() - heardAt > pingEveryMs + answerWithinMs) socket.close()
      else send({ t: 'ping' })
    }, pingEveryMs)
    const stable = setTimeout(() => (failures = 0), stableAfterMs)
    const ready = (frame) => {
      isReady = true
      socketFailures = 0
      if (frame.session.token) tokens.set(frame.session.token)
      transport = {
        send: (message) => send({ t: 'msg', ...message }),
        signal: send,
        close: () => socket.close(),
      }
      handle.state('online')
    }
    socket.onopen = () => send({ t: 'auth', token: tokens.get(), resume: { cursor } })
    socket.onmessage = ({ data }) => {
      heardAt = Date.now()
      const frame = JSON.parse(data)
      if (frame.t === 'ready') ready(frame)
      else hear(frame)
      if (frame.t === 'ev') acknowledge()
    }
    socket.onclose = ({ code }) => {
      clearTimeout(giveUp)
      clearTimeout(stable)
      clearTimeout(ackTimer)
      clearInterval(pinging)
      if (!isReady && code !== 4010) socketFailures += 1
      lost(code)
    }
  }

  const postMessage = async (message) => {
    const response = await call('messages', { method: 'POST', body: message })
    const answer = await response.json()
    if (response.ok) handle.accepted(answer.clientMsgId, answer.seq)
    else handle.refused(message.clientMsgId, answer)
  }

  const poll = async () => {
    const stopper = new AbortController()
    const mine = {
      send: (message) => void postMessage(message).catch(() => undefined),
      signal: () => undefined,
      close: () => stopper.abort(),
    }
    let code = 1006
    try {
      for (let wait = 0; ; wait = 25) {
        const response = await call(`events?after=${cursor}&wait=${wait}`, { signal: stopper.signal })
        if (response.status === 401) code = 4010
        if (response.status === 429) code = 4029
        if (!response.ok) break
        const news = await response.json()
        if (news.resync) hear({ t: 'resync' })
        for (const event of news.events) hear({ t: 'ev', ...event })
        cursor = news.cursor
        if (news.typing !== undefined) hear({ t: 'typing', on: news.typing })
        if (transport !== mine) {
          transport = mine
          failures = 0
          handle.state('online')
        }
      }
    } catch {
      // The network went away; the next try begins after a pause.
    }
    lost(code)
  }

  const connect = async () => {
    clearTimeout(timer)
    phase = 'trying'
    try {
      if (!(await ensureSession())) return
    } catch {
      handle.state('waiting')
      retryLater()
      return
    }
    if (socketFailures < socketTries) openSocket()
    else void poll()
  }

  /** Tries at once instead of after the pause. */
  const hurry = () => {
    if (phase !== 'paused' && phase !== 'replaced') return
    failures = 0
    void connect()
  }
  window.addEventListener('online', hurry)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry()
  })

  return {
    start: () => void connect(),
    /** Sends now; false: not connected, the caller sends again at the next `online`. */
    send(message) {
      if (!transport) {
        if (phase === 'replaced') hurry()
        return false
      }
      transport.send(message)
      return true
    },
    /** Something that may be lost: typing, read. */
    signal: (frame) => transport?.signal(frame),
    /** Nothing comes back any more: drop the connection and make a new one. */
    renew: () => transport?.close(),
  }
}
