import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import { createBell, type Bell } from '../../core/bell.ts'
import { topics } from '../../core/bus.ts'
import type { EventPlace, EventType, LoggedEvent } from '../../core/event-log.ts'
import { lookThrough } from '../../core/look-through.ts'
import { tooMany } from '../problem.ts'
import { identify } from './caller.ts'
import type { RawCall } from './define-route.ts'

type StreamCall = Pick<RawCall, 'api' | 'caller' | 'context'>

/** Open streams of one caller on this node. */
const maxStreams = 8
const batch = 100
/** Looks at the log are at least so far apart, however often the bell rings. */
const restMs = 100
/** A ring may come before what it tells of can be read: an older transaction was still open. */
const secondLookMs = 500

/** What of the log, and from where; undefined: from now on. */
export interface StreamFrom {
  readonly from: EventPlace | undefined
  readonly types: readonly EventType[]
}

/** Everything that writes events rings one of these. */
const ringing = [topics.wake, topics.turn, topics.ticket] as const

const write = (stream: SSEStreamingApi, { at, ...event }: LoggedEvent): Promise<void> =>
  stream.writeSSE({
    id: event.id,
    event: event.type,
    data: JSON.stringify({ ...event, at: at.toISOString() }),
  })

const listen = async ({ api }: StreamCall, bell: Bell): Promise<() => void> => {
  const leaving = await Promise.all(ringing.map((topic) => api.bus.subscribe(topic, () => bell.ring())))
  const ring = (): void => bell.ring()
  api.stopping.addEventListener('abort', ring)
  return () => {
    api.stopping.removeEventListener('abort', ring)
    for (const leave of leaving) leave()
  }
}

/** Sends what is new; gives the place reached, and whether anything was written. */
const send = async (
  { api }: StreamCall,
  stream: SSEStreamingApi,
  after: EventPlace,
  types: readonly EventType[],
): Promise<{ readonly place: EventPlace; readonly wrote: boolean }> => {
  let [place, wrote] = [after, false]
  for (;;) {
    const { events, to, more } = await lookThrough(api.events, { after: place, types, limit: batch })
    for (const event of events) await write(stream, event)
    place = to
    wrote ||= events.length > 0
    if (!more || stream.aborted) return { place, wrote }
  }
}

/** A session that is ended ends its streams at once, a key that is revoked within two heartbeats. */
const isStillKnown = ({ api, context }: StreamCall): Promise<boolean> =>
  identify(context, api).then(
    ({ permissions }) => permissions.has('event.read'),
    () => false,
  )

const feed = async (
  call: StreamCall,
  stream: SSEStreamingApi,
  { from, types }: StreamFrom,
): Promise<void> => {
  const { api } = call
  const bell = createBell()
  stream.onAbort(() => bell.ring())
  const leave = await listen(call, bell)
  let checkedAt = performance.now()
  const leaveSessions = await api.bus.subscribe(topics.sessions, () => {
    checkedAt = -Infinity
    bell.ring()
  })
  const isOpen = (): boolean => !stream.aborted && !stream.closed && !api.stopping.aborted
  try {
    let place = from ?? (await api.events.newest())
    // With the place to come back to, also for who hears nothing for long.
    await stream.writeSSE({ id: place, event: 'ready', data: '{}', retry: 2_000 })
    for (let waitMs = secondLookMs; isOpen();) {
      if (performance.now() - checkedAt >= api.heartbeatMs) {
        checkedAt = performance.now()
        if (!(await isStillKnown(call))) return
      }
      const { place: reached, wrote } = await send(call, stream, place, types)
      if (!wrote && waitMs === api.heartbeatMs) await stream.write(': still here\n\n')
      await stream.sleep(restMs)
      place = reached
      const askedAt = performance.now()
      await bell.wait(waitMs)
      // Rung: look now and a moment later. Not rung: look at each heartbeat.
      waitMs = performance.now() - askedAt < waitMs ? secondLookMs : api.heartbeatMs
    }
  } finally {
    leave()
    leaveSessions()
  }
}

const enter = ({ caller, api: { streams: open } }: StreamCall): (() => void) => {
  const who = `${caller.kind}:${caller.id}`
  const streams = open.get(who) ?? 0
  if (streams >= maxStreams) throw tooMany('too many open event streams; close some', 5_000)
  open.set(who, streams + 1)
  return () => {
    const left = (open.get(who) ?? 1) - 1
    if (left > 0) open.set(who, left)
    else open.delete(who)
  }
}

/** Streams the event log: no gap and no repeat over reconnects. Throws `too_many`. */
export const openEventStream = async (call: StreamCall, from: StreamFrom): Promise<Response> => {
  const { context, api } = call
  const leave = enter(call)
  context.header('x-accel-buffering', 'no')
  context.header('cache-control', 'no-store')
  return Promise.resolve(
    streamSSE(
      context,
      async (stream) => {
        try {
          await feed(call, stream, from)
        } finally {
          leave()
        }
      },
      (error) => {
        api.log.warn({ error }, 'event stream failed')
        return Promise.resolve()
      },
    ),
  )
}
