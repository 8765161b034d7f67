/** Keeps the visitor connected: over a socket or by polling, again after every break, never in a rush. */
import type { ChatEvent, ClientError, ClientSaying } from '../channels/web/protocol.ts'
import type { Session, SignedIn } from './session.ts'
import { openSocket, startPolling, type Hearing, type Saying, type Transport } from './transport.ts'

/** `idle`: nobody asked for a connection; `ended`: a customer's session is over. */
export type LineState =
  'idle' | 'connecting' | 'online' | 'waiting' | 'busy' | 'forbidden' | 'replaced' | 'ended'

/** Who hears of what comes. */
export interface LineEars {
  state(state: LineState): void
  event(event: ChatEvent): void
  accepted(clientMsgId: string, seq: number): void
  refused(clientMsgId: string, error: ClientError): void
  typing(isOn: boolean): void
  /** What is being written so far; empty: nothing any more. */
  preview(text: string): void
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
  /** Another session that nobody needs a connection of yet. */
  stop(): void
}

const stableAfterMs = 30_000
/** Sockets that fail this often in a row without ever getting ready make the widget poll instead. */
const socketTries = 2
/** Told by the server: another tab took over, the session is over, come back later, too fast. */
const codes = { replaced: 4008, badToken: 4010, tryLater: 1013, rate: 4029 }
const busyMs = 5_000

/** Full jitter: anything between nothing and half a second doubled per failure, at most 30 s. */
const backOffMs = (failures: number): number => Math.random() * Math.min(30_000, 500 * 2 ** failures)

type Rest = 'idle' | 'replaced' | 'ended'

/** When to try next. */
const createTries = (attempt: () => void) => {
  let failures = 0
  let timer: number | undefined
  let phase: Rest | 'trying' | 'paused' = 'idle'
  const now = (): void => {
    clearTimeout(timer)
    phase = 'trying'
    attempt()
  }
  const hurry = (): void => {
    if (phase !== 'paused' && phase !== 'replaced') return
    failures = 0
    now()
  }
  window.addEventListener('online', hurry)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry()
  })
  return {
    phase: () => phase,
    now,
    /** Tries at once instead of after the pause. */
    hurry,
    later(waitMs: number) {
      phase = 'paused'
      timer = window.setTimeout(now, waitMs + backOffMs(failures))
      failures += 1
    },
    rest(why: Rest) {
      clearTimeout(timer)
      phase = why
    },
    /** Forgets the failures once the connection has held for a while. */
    hold() {
      timer = window.setTimeout(() => (failures = 0), stableAfterMs)
    },
    release: () => clearTimeout(timer),
  }
}
type Tries = ReturnType<typeof createTries>

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
      case 'preview':
        ears.preview(frame.text)
        return
      case 'error':
        if (frame.clientMsgId !== undefined) ears.refused(frame.clientMsgId, frame)
        return
      default:
        // A newer server says more; what is not known changes nothing.
        return
    }
  }
  const forget = (): void => {
    cursor = 0
  }
  return { hear, cursor: () => cursor, forget }
}

/** Sockets at first; polling for good once they do not get through. */
const createWay = () => {
  let failures = 0
  return {
    open: (hearing: Hearing): (() => void) =>
      failures < socketTries ? openSocket(hearing) : startPolling(hearing),
    closed(wasReady: boolean, code: number) {
      if (!wasReady && code !== codes.badToken) failures += 1
      else if (failures < socketTries) failures = 0
    },
  }
}

/** Whether there is a session; if not, says so and settles when to ask again. */
const heed = (outcome: SignedIn, tries: Tries, ears: LineEars, forget: () => void): boolean => {
  if (outcome.kind === 'ok') {
    if (outcome.isOver) {
      forget()
      ears.startAgain(true)
    }
    return true
  }
  if (outcome.kind === 'ended') tries.rest('ended')
  else tries.later(outcome.retryAfterMs)
  ears.state(outcome.kind)
  return false
}

/** One connection after another. */
const createConnecting = (session: Session, ears: LineEars) => {
  const hearing = createHearing(ears)
  const way = createWay()
  // A token from before is tried as it is: most are still good.
  let hasSession = session.exists()
  let transport: Transport | undefined
  /** Grows with every attempt: what an older one still says is not heard. */
  let attempt = 0
  let end = (): void => undefined

  const closed = (code: number): void => {
    // Before a socket counts as failed for good, the session is asked for again: a server that is away altogether
    // says nothing about sockets.
    if (!transport || code === codes.badToken) hasSession = false
    way.closed(transport !== undefined, code)
    transport = undefined
    tries.release()
    const isBusy = code === codes.tryLater || code === codes.rate
    if (code === codes.replaced) tries.rest('replaced')
    else tries.later(isBusy ? busyMs : 0)
    if (code === codes.replaced) ears.state('replaced')
    else ears.state(isBusy ? 'busy' : 'waiting')
  }
  const connect = async (): Promise<void> => {
    const own = (attempt += 1)
    if (!hasSession) {
      const outcome = await session.signIn()
      if (own !== attempt) return
      hasSession = heed(outcome, tries, ears, hearing.forget)
    }
    if (!hasSession) return
    end = way.open({
      session,
      cursor: hearing.cursor,
      ready(made) {
        if (own === attempt) {
          transport = made
          tries.hold()
          ears.state('online')
        } else made.close()
      },
      hear: (frame) => own === attempt && hearing.hear(frame),
      closed: (code) => own === attempt && closed(code),
    })
  }
  const tries = createTries(() => void connect())
  return {
    tries,
    transport: () => transport,
    /** Ends what there is, for another session. */
    drop: () => {
      attempt += 1
      end()
      transport = undefined
      hasSession = session.exists()
      tries.rest('idle')
      hearing.forget()
    },
  }
}

export const createLine = (session: Session, ears: LineEars): Line => {
  const { tries, transport, drop } = createConnecting(session, ears)
  const start = (): void => {
    if (tries.phase() !== 'idle') return
    ears.state('connecting')
    tries.now()
  }
  return {
    start,
    send(message) {
      transport()?.send(message)
      if (tries.phase() === 'replaced') tries.hurry()
      return transport() !== undefined
    },
    signal: (frame) => transport()?.signal(frame),
    renew: () => transport()?.close(),
    restart() {
      drop()
      start()
    },
    stop() {
      drop()
      ears.state('idle')
    },
  }
}
