/** Keeps the visitor connected: over a socket or by polling, again after every break, never in a rush. */
import type { ChatEvent, ClientError, ClientSaying } from '../channels/web/protocol.ts'
import type { Session } from './session.ts'
import { openSocket, startPolling, type Hearing, type Saying, type Transport } from './transport.ts'

/** `idle`: nobody asked for a connection yet. */
export type LineState =
  'idle' | 'connecting' | 'online' | 'waiting' | 'busy' | 'forbidden' | 'replaced'

/** Who hears of what comes. */
export interface LineEars {
  state(state: LineState): void
  event(event: ChatEvent): void
  accepted(clientMsgId: string, seq: number): void
  refused(clientMsgId: string, error: ClientError): void
  typing(isOn: boolean): void
  /** Everything comes again from the start. `isOver`: of another conversation, because the session was over. */
  startAgain(isOver: boolean): void
}

export interface Line {
  /** Connects, unless that is done or under way. */
  start(): void
  /** Sends now; false: not connected, the caller sends again at the next `online`. */
  send(message: Saying): boolean
  /** Something that may be lost: typing, read. */
  signal(frame: ClientSaying): void
  /** Nothing comes back any more: drop the connection and make a new one. */
  renew(): void
  /** Another session: forgets the cursor and connects anew. */
  restart(): void
  /** How far the log was heard. */
  cursor(): number
}

const stableAfterMs = 30_000
/** Sockets that fail this often in a row without ever getting ready make the widget poll instead. */
const socketTries = 2
/** Told by the server: another tab took over, the session is over, come back later, too fast. */
const codes = { replaced: 4008, badToken: 4010, tryLater: 1013, rate: 4029 }
const busyMs = 5_000

/** Full jitter: anything between nothing and half a second doubled per failure, at most 30 s. */
const backOffMs = (failures: number): number => Math.random() * Math.min(30_000, 500 * 2 ** failures)

/** When to try next. */
const createTries = (attempt: () => void) => {
  let failures = 0
  let timer: number | undefined
  let phase: 'idle' | 'trying' | 'paused' | 'forbidden' | 'replaced' = 'idle'
  const now = (): void => {
    clearTimeout(timer)
    phase = 'trying'
    attempt()
  }
  return {
    phase: () => phase,
    now,
    later(waitMs: number) {
      phase = 'paused'
      timer = window.setTimeout(now, waitMs + backOffMs(failures))
      failures += 1
    },
    rest(why: 'forbidden' | 'replaced') {
      phase = why
    },
    /** Forgets the failures once the connection has held for a while. */
    hold() {
      timer = window.setTimeout(() => (failures = 0), stableAfterMs)
    },
    release: () => clearTimeout(timer),
    /** Tries at once instead of after the pause. */
    hurry() {
      if (phase !== 'paused' && phase !== 'replaced') return
      failures = 0
      now()
    },
  }
}

/** Makes frames into calls; what was heard before is left out. */
const createHearing = (ears: LineEars) => {
  let cursor = 0
  const hear: Hearing['hear'] = (frame) => {
    switch (frame.t) {
      case 'ev':
        if (frame.seq <= cursor) return
        cursor = frame.seq
        ears.event(frame)
        return
      case 'cursor':
        cursor = frame.cursor
        return
      case 'resync':
        cursor = 0
        ears.startAgain(false)
        return
      case 'accepted':
        ears.accepted(frame.clientMsgId, frame.seq)
        return
      case 'typing':
        ears.typing(frame.on)
        return
      case 'error':
        if (frame.clientMsgId !== undefined) ears.refused(frame.clientMsgId, frame)
        return
      default:
        // A newer server says more; what is not known changes nothing.
        return
    }
  }
  return { hear, cursor: () => cursor, forget: () => (cursor = 0) }
}

export const createLine = (session: Session, ears: LineEars): Line => {
  const { hear, cursor, forget } = createHearing(ears)
  let hasSession = false
  let socketFailures = 0
  let transport: Transport | undefined
  /** Grows with every attempt: what an older one still says is not heard. */
  let attempt = 0
  let end = (): void => undefined

  const ready = (made: Transport): void => {
    transport = made
    tries.hold()
    ears.state('online')
  }
  const closed = (code: number): void => {
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
      ears.state('replaced')
      return
    }
    const isBusy = code === codes.tryLater || code === codes.rate
    ears.state(isBusy ? 'busy' : 'waiting')
    tries.later(isBusy ? busyMs : 0)
  }
  const signIn = async (): Promise<boolean> => {
    const outcome = await session.signIn()
    if (outcome.kind === 'ok') {
      if (outcome.isOver) {
        forget()
        ears.startAgain(true)
      }
      return true
    }
    ears.state(outcome.kind)
    if (outcome.kind === 'forbidden') tries.rest('forbidden')
    else tries.later(outcome.retryAfterMs)
    return false
  }
  const connect = async (): Promise<void> => {
    const own = (attempt += 1)
    hasSession ||= await signIn()
    if (!hasSession || own !== attempt) return
    const hearing: Hearing = {
      session,
      cursor,
      ready: (made) => (own === attempt ? ready(made) : made.close()),
      hear: (frame) => own === attempt && hear(frame),
      closed: (code) => own === attempt && closed(code),
    }
    end = socketFailures < socketTries ? openSocket(hearing) : startPolling(hearing)
  }
  const tries = createTries(() => void connect())
  window.addEventListener('online', tries.hurry)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') tries.hurry()
  })
  return {
    start() {
      if (tries.phase() !== 'idle') return
      ears.state('connecting')
      tries.now()
    },
    send(message) {
      transport?.send(message)
      if (tries.phase() === 'replaced') tries.hurry()
      return transport !== undefined
    },
    signal: (frame) => transport?.signal(frame),
    renew: () => transport?.close(),
    restart() {
      attempt += 1
      end()
      transport = undefined
      hasSession = false
      tries.release()
      forget()
      ears.state('connecting')
      tries.now()
    },
    cursor,
  }
}
