import { z } from 'zod'
import type { ChannelRoute } from '../../src/core/channel.ts'
import { createBell } from './bell.ts'
import type { Bell } from './bell.ts'
import { decodeMessage, decodeReceipt } from './decode.ts'
import { encodeEvent } from './encode.ts'
import { createEndpoint, failure, signedIn } from './http.ts'
import type { Call, Reply } from './http.ts'
import type { WebParts } from './parts.ts'
import type { News } from './protocol.ts'
import type { VisitorSession } from './verify.ts'

/** Longest time a poll is held; below the 30–60 s at which proxies cut. */
const maxWaitSeconds = 25

const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const query = z.strictObject({ after: whole, wait: whole.default(0) })

/** What follows `after`: at once when there is something, else as soon as there is or the bell is over. */
const collect = async (
  { history, intake }: WebParts,
  session: VisitorSession,
  after: number,
  bell: Bell,
): Promise<News> => {
  const { visitor } = session
  const page = await history.resume(visitor, after)
  if (page.kind === 'cut') return { events: [], cursor: 0, resync: true }
  let { messages } = page
  let cursor = after
  if (after === 0 && messages.length === 0) await intake.open(session)
  for (;;) {
    const events = messages.map(encodeEvent).filter((event) => event !== undefined)
    cursor = messages.at(-1)?.seq ?? cursor
    const { typing } = bell
    if (events.length > 0 || typing !== undefined || bell.isOver) {
      return { events, cursor, ...(typing !== undefined && { typing }) }
    }
    if (messages.length === 0) await bell.next()
    messages = await history.after(visitor, cursor)
  }
}

const getEvents = async (parts: WebParts, { request }: Call, session: VisitorSession): Promise<Reply> => {
  const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!asked.success) return failure({ code: 'bad_frame', retryable: false })
  const bell = createBell(Math.min(asked.data.wait, maxWaitSeconds) * 1_000, request.signal)
  // Listening begins before the first look into the log, so nothing falls between the two.
  const leave = parts.threads.join(session.visitor, bell)
  try {
    return { status: 200, body: { ...(await collect(parts, session, asked.data.after, bell)) } }
  } finally {
    leave()
    bell.end()
  }
}

const postMessage = async (parts: WebParts, { body }: Call, session: VisitorSession): Promise<Reply> => {
  const decoded = decodeMessage(body)
  if (decoded.kind === 'fault') return failure({ code: decoded.fault, retryable: false })
  const result = await parts.intake.say(session, decoded.value)
  if (result.kind === 'refused') return failure(result.error)
  return { status: 200, body: { clientMsgId: result.clientMsgId, seq: result.seq } }
}

const postAck = (parts: WebParts, { body }: Call, { visitor }: VisitorSession): Promise<Reply> => {
  const decoded = decodeReceipt(body)
  if (decoded.kind === 'fault') return Promise.resolve(failure({ code: decoded.fault, retryable: false }))
  if (decoded.value.read === true) parts.threads.publish({ threadKey: visitor, read: decoded.value.seq })
  return Promise.resolve({ status: 204 })
}

/** The chat for clients that cannot keep a socket: the same events from the same log. */
export const createLongPollRoutes = (parts: WebParts): readonly ChannelRoute[] => [
  ...createEndpoint(
    parts,
    { method: 'POST', path: '/messages', access: 'bearer' },
    signedIn(parts, (call, session) => postMessage(parts, call, session)),
  ),
  ...createEndpoint(
    parts,
    { method: 'GET', path: '/events', access: 'bearer' },
    signedIn(parts, (call, session) => getEvents(parts, call, session)),
  ),
  ...createEndpoint(
    parts,
    { method: 'POST', path: '/ack', access: 'bearer' },
    signedIn(parts, (call, session) => postAck(parts, call, session)),
  ),
]
