/** The two ways to the server: a socket, and hanging requests where no socket gets through. */
import type { ClientSaying, News, ServerFrame } from '../channels/web/protocol.ts'
import type { Session } from './session.ts'

export type Saying = Extract<ClientSaying, { t: 'msg' }>

/** A way that stands. */
export interface Transport {
  send(message: Saying): void
  /** What may be lost: typing, read. */
  signal(frame: ClientSaying): void
  close(): void
}

/** What a way does with what comes. */
export interface Hearing {
  readonly session: Session
  readonly cursor: () => number
  readonly ready: (transport: Transport) => void
  readonly hear: (frame: ServerFrame | { readonly t: 'cursor'; readonly cursor: number }) => void
  /** Called once at the end; a browser shows every refused upgrade as 1006. */
  readonly closed: (code: number) => void
}

const pingEveryMs = 25_000
const answerWithinMs = 10_000
const readyWithinMs = 5_000
const acknowledgeAfterMs = 200

/** Opens a socket, signs in and goes on after `cursor()`. Gives what ends it. */
export const openSocket = ({ session, cursor, ready, hear, closed }: Hearing): (() => void) => {
  const address = new URL('ws', session.base)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address)
  let isReady = false
  let heardAt = Date.now()
  let acknowledging: number | undefined

  const say = (frame: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  const close = (): void => socket.close()
  const giveUp = window.setTimeout(() => {
    if (!isReady) close()
  }, readyWithinMs)
  // Scripts cannot see protocol pings, and proxies cut what is silent for a minute.
  const pinging = window.setInterval(() => {
    if (Date.now() - heardAt > pingEveryMs + answerWithinMs) close()
    else say({ t: 'ping' })
  }, pingEveryMs)

  socket.onopen = () => say({ t: 'auth', token: session.token() ?? '', resume: { cursor: cursor() } })
  socket.onmessage = ({ data }) => {
    heardAt = Date.now()
    const frame = JSON.parse(String(data)) as ServerFrame
    if (frame.t === 'ready') {
      isReady = true
      if (frame.session.token !== undefined) session.renew(frame.session.token)
      ready({ send: say, signal: say, close })
      return
    }
    hear(frame)
    if (frame.t !== 'ev') return
    clearTimeout(acknowledging)
    acknowledging = window.setTimeout(() => say({ t: 'ack', seq: cursor() }), acknowledgeAfterMs)
  }
  socket.onclose = ({ code }) => {
    clearTimeout(giveUp)
    clearInterval(pinging)
    clearTimeout(acknowledging)
    closed(code)
  }
  return close
}

const waitSeconds = 25
/** The close codes that a socket would have shown. */
const codeOf: Readonly<Record<number, number>> = { 401: 4010, 429: 4029 }
const broken = 1006

/** The same by long polling. */
export const startPolling = ({ session, cursor, ready, hear, closed }: Hearing): (() => void) => {
  const stopper = new AbortController()
  const send = async ({ clientMsgId, content, context }: Saying): Promise<void> => {
    const body = { clientMsgId, content, ...(context && { context }) }
    const response = await session.call('messages', { body })
    const answer = (await response.json()) as object
    hear((response.ok ? { t: 'accepted', ...answer } : { t: 'error', ...answer, clientMsgId }) as ServerFrame)
  }
  const transport: Transport = {
    // What fails here is sent again when no confirmation comes.
    send: (message) => void send(message).catch(() => undefined),
    signal: () => undefined,
    close: () => stopper.abort(),
  }
  const ask = async (wait: number): Promise<number | undefined> => {
    const response = await session.call(`events?after=${cursor()}&wait=${wait}`, { signal: stopper.signal })
    if (!response.ok) return codeOf[response.status] ?? broken
    const news = (await response.json()) as News
    if (news.resync === true) hear({ t: 'resync', cursor: 0 })
    for (const event of news.events) hear({ t: 'ev', ...event })
    if (news.typing !== undefined) hear({ t: 'typing', on: news.typing })
    hear({ t: 'cursor', cursor: news.cursor })
    return undefined
  }
  const goOn = async (): Promise<number> => {
    let code = await ask(0)
    if (code === undefined) ready(transport)
    while (code === undefined) code = await ask(waitSeconds)
    return code
  }
  void goOn()
    .catch(() => broken)
    .then(closed)
  return () => stopper.abort()
}
