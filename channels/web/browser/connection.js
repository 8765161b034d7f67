/* global clearTimeout, document, setTimeout, window */
import { startPolling } from './poll.js'
import { openSocket } from './socket.js'

const stableAfterMs = 30_000
/** Sockets that fail this often in a row without ever getting ready make the page poll instead. */
const socketTries = 2
/** Told by the server: another tab took over, the session is over, come back later, too fast. */
const codes = { replaced: 4008, badToken: 4010, tryLater: 1013, rate: 4029 }

/** Full jitter: anything between nothing and half a second doubled per failure, at most 30 s. */
const backOffMs = (failures) => Math.random() * Math.min(30_000, 500 * 2 ** failures)

/** Turns frames into calls of `handle` and keeps the cursor; what was heard before is left out. */
const createHearing = (handle) => {
  let cursor = 0
  const reactions = {
    ev(frame) {
      if (frame.seq <= cursor) return
      cursor = frame.seq
      handle.event(frame)
    },
    cursor(frame) {
      cursor = frame.cursor
    },
    resync() {
      cursor = 0
      handle.resync()
    },
    accepted: ({ clientMsgId, seq }) => handle.accepted(clientMsgId, seq),
    typing: ({ on }) => handle.typing(on),
    error: (frame) => frame.clientMsgId && handle.refused(frame.clientMsgId, frame),
  }
  return {
    cursor: () => cursor,
    hear: (frame) => Object.hasOwn(reactions, frame.t) && reactions[frame.t](frame),
  }
}

/** When to try next, and why not. `phase` is `trying`, `paused`, `forbidden` or `replaced`. */
const createTries = (attempt) => {
  let failures = 0
  let timer
  const tries = {
    phase: 'paused',
    now() {
      clearTimeout(timer)
      tries.phase = 'trying'
      void attempt()
    },
    later(waitMs = 0) {
      tries.phase = 'paused'
      timer = setTimeout(tries.now, waitMs + backOffMs(failures))
      failures += 1
    },
    rest(why) {
      tries.phase = why
    },
    /** Forgets the failures once the connection has held for a while. */
    hold() {
      timer = setTimeout(() => (failures = 0), stableAfterMs)
    },
    release: () => clearTimeout(timer),
    /** Tries at once instead of after the pause. */
    hurry() {
      if (tries.phase !== 'paused' && tries.phase !== 'replaced') return
      failures = 0
      tries.now()
    },
  }
  return tries
}

/**
 * Keeps the visitor connected: a session that survives reloads, a WebSocket or, where none gets through, long polls.
 * `handle` hears `state`, `event`, `accepted`, `refused`, `typing` and `resync`.
 */
export const createConnection = ({ api, base, tokens, handle, pollOnly }) => {
  const { cursor, hear } = createHearing(handle)
  let hasSession = false
  let socketFailures = pollOnly ? socketTries : 0
  let transport

  const ready = (made) => {
    transport = made
    tries.hold()
    handle.state('online')
  }
  const closed = (code) => {
    // Polling never goes back to sockets before the next page load. Before a socket counts as failed for good,
    // the session is asked for again: a server that is away altogether says nothing about sockets.
    if (!transport) hasSession = false
    if (!transport && code !== codes.badToken) socketFailures += 1
    else if (socketFailures < socketTries) socketFailures = 0
    transport = undefined
    tries.release()
    if (code === codes.badToken) hasSession = false
    if (code === codes.replaced) {
      tries.rest('replaced')
      handle.state('replaced')
      return
    }
    const isBusy = code === codes.tryLater || code === codes.rate
    handle.state(isBusy ? 'busy' : 'waiting')
    tries.later(isBusy ? 5_000 : 0)
  }
  const signIn = async () => {
    const outcome = await api.ensureSession().catch(() => ({ kind: 'waiting', retryAfterMs: 0 }))
    hasSession = outcome.kind === 'ok'
    if (hasSession) return
    handle.state(outcome.kind)
    if (outcome.kind === 'forbidden') tries.rest('forbidden')
    else tries.later(outcome.retryAfterMs)
  }
  const tries = createTries(async () => {
    if (!hasSession) await signIn()
    if (!hasSession) return
    if (socketFailures < socketTries) openSocket({ base, tokens, cursor, ready, hear, closed })
    else void startPolling({ api, cursor, ready, hear, closed })
  })
  window.addEventListener('online', tries.hurry)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') tries.hurry()
  })

  return {
    start: tries.now,
    /** Sends now; false: not connected, the caller sends again at the next `online`. */
    send(message) {
      transport?.send(message)
      if (tries.phase === 'replaced') tries.hurry()
      return transport !== undefined
    },
    /** Something that may be lost: typing, read. */
    signal: (frame) => transport?.signal(frame),
    /** Nothing comes back any more: drop the connection and make a new one. */
    renew: () => transport?.close(),
  }
}
