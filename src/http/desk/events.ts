import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import { z } from 'zod'
import { topics } from '../../core/bus.ts'
import { tooMany } from '../problem.ts'
import type { DeskEnv } from './environment.ts'
import { listenToEvents } from './routes.ts'
import { ViewingSchema, type Viewing } from './viewing.ts'

/** Open desks of one agent; browsers themselves allow six connections a host. */
const maxStreams = 8
/** A reader that falls so far behind is told to look at everything. */
const maxWaiting = 100

/** A ticket, or a conversation and with it each ticket that it feeds. */
const Changed = z.union([
  z.object({ ticketId: z.string() }),
  z.object({
    conversationId: z.string(),
    /** Only a try to send ended there: no list of tickets is another. */
    delivery: z.literal(true).optional(),
  }),
])
type Changed = z.infer<typeof Changed>
const Mentioned = z.object({ ticketId: z.string(), agentIds: z.array(z.string()) })
const Delivered = z.object({ conversationId: z.string() })
const SessionsEnded = z.object({ agentId: z.string() })

/** What a slow reader has yet to hear of: tickets and conversations, each once, and of who is at a ticket only the newest. */
interface Mailbox {
  add(payload: unknown): void
  addViewing(payload: unknown): void
  /** Whoever reads was mentioned on a ticket. */
  addMention(ticketId: string): void
  /** Something else changed: everything is to be looked at. */
  addAll(): void
  /** Resolves when there is something, or after `ms`. */
  wait(ms: number): Promise<void>
  take(): readonly Changed[] | 'all'
  takeViewings(): readonly Viewing[]
  takeMentions(): readonly string[]
  /** Whoever reads may not be signed in any more. */
  doubt(): void
  /** Whether that was said since the last time. */
  takeDoubt(): boolean
  wake(): void
}

/** Gives everything and keeps nothing. */
const drain = <Item>(all: { values(): Iterable<Item>; clear(): void }): readonly Item[] => {
  const taken = [...all.values()]
  all.clear()
  return taken
}

const keyOf = (change: Changed): string => {
  if ('ticketId' in change) return change.ticketId
  return change.delivery === true ? `${change.conversationId} delivery` : change.conversationId
}

const createMailbox = (): Mailbox => {
  const changes = new Map<string, Changed>()
  const viewings = new Map<string, Viewing>()
  const mentions = new Set<string>()
  let overflow = false
  let doubted = false
  let ring = (): void => undefined
  return {
    add: (payload) => {
      const { data: change } = Changed.safeParse(payload)
      if (change === undefined) return
      if (changes.size >= maxWaiting) overflow = true
      else changes.set(keyOf(change), change)
      ring()
    },
    addViewing: (payload) => {
      const { data } = ViewingSchema.safeParse(payload)
      // A hint that is lost is said again by its desk.
      if (data === undefined || viewings.size >= maxWaiting) return
      viewings.set(`${data.ticketId} ${data.agentId}`, data)
      ring()
    },
    addMention: (ticketId) => {
      if (mentions.size < maxWaiting) mentions.add(ticketId)
      ring()
    },
    addAll: () => {
      overflow = true
      ring()
    },
    wait: async (ms) => {
      if (changes.size + viewings.size + mentions.size > 0 || overflow || doubted) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        ring = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      ring = () => undefined
    },
    take: () => {
      const everything = drain(changes)
      const taken = overflow ? 'all' : everything
      overflow = false
      return taken
    },
    doubt: () => {
      doubted = true
      ring()
    },
    takeDoubt: () => {
      const was = doubted
      doubted = false
      return was
    },
    takeViewings: () => drain(viewings),
    takeMentions: () => drain(mentions),
    wake: () => ring(),
  }
}

const write = async (stream: SSEStreamingApi, taken: readonly Changed[] | 'all'): Promise<void> => {
  if (taken === 'all') return stream.writeSSE({ event: 'refresh', data: '{}' })
  for (const change of taken) await stream.writeSSE({ event: 'ticket', data: JSON.stringify(change) })
}

const feed = async (context: Context<DeskEnv>, stream: SSEStreamingApi): Promise<void> => {
  const { desk, session, token } = context.var
  const mailbox = createMailbox()
  const leave = await desk.bus.subscribe(topics.ticket, (payload) => mailbox.add(payload))
  const leaveDeliveries = await desk.bus.subscribe(topics.delivery, (payload) => {
    const { data } = Delivered.safeParse(payload)
    if (data !== undefined) mailbox.add({ ...data, delivery: true })
  })
  const leaveViewings = await desk.bus.subscribe(topics.viewing, (payload) => mailbox.addViewing(payload))
  const leaveMentions = await desk.bus.subscribe(topics.mention, (payload) => {
    const { data } = Mentioned.safeParse(payload)
    if (data?.agentIds.includes(session.agent.id) === true) mailbox.addMention(data.ticketId)
  })
  const leaveIncidents = await desk.bus.subscribe(topics.incidents, () => mailbox.addAll())
  const leaveSessions = await desk.bus.subscribe(topics.sessions, (payload) => {
    if (SessionsEnded.safeParse(payload).data?.agentId === session.agent.id) mailbox.doubt()
  })
  const wake = (): void => mailbox.wake()
  stream.onAbort(wake)
  desk.stopping.addEventListener('abort', wake)
  let checkedAt = performance.now()
  /** A session that ended elsewhere ends its streams at once, and within two heartbeats where the bus does not tell. */
  const isSignedIn = async (): Promise<boolean> => {
    if (!mailbox.takeDoubt() && performance.now() - checkedAt < desk.heartbeatMs) return true
    checkedAt = performance.now()
    return (await desk.signIn.sessions.find(token, false)) !== undefined
  }
  const isOpen = (): boolean => !stream.aborted && !stream.closed && !desk.stopping.aborted
  try {
    await stream.writeSSE({ event: 'ready', data: '{}', retry: 1_000 })
    while (isOpen()) {
      await desk.push.openDesks.note(session.agent.id)
      await mailbox.wait(desk.heartbeatMs)
      if (!isOpen() || !(await isSignedIn())) return
      const [taken, viewings, mentions] = [mailbox.take(), mailbox.takeViewings(), mailbox.takeMentions()]
      if (taken.length > 0) await write(stream, taken)
      for (const viewing of viewings)
        await stream.writeSSE({ event: 'viewing', data: JSON.stringify(viewing) })
      for (const ticketId of mentions)
        await stream.writeSSE({ event: 'mention', data: JSON.stringify({ ticketId }) })
      if (taken.length + viewings.length + mentions.length === 0) await stream.write(': still here\n\n')
    }
  } finally {
    desk.stopping.removeEventListener('abort', wake)
    leave()
    leaveDeliveries()
    leaveViewings()
    leaveMentions()
    leaveIncidents()
    leaveSessions()
  }
}

/** Says at once which tickets, or which conversations with their tickets, changed. A hint only: whoever misses one finds it by looking. */
export const addEventRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  const open = new Map<string, number>()
  app.openapi(listenToEvents, (context) => {
    const { id } = context.var.session.agent
    const streams = open.get(id) ?? 0
    if (streams >= maxStreams) throw tooMany('too many open desks; close some windows', 5_000)
    open.set(id, streams + 1)
    context.header('x-accel-buffering', 'no')
    return streamSSE(
      context,
      async (stream) => {
        try {
          await feed(context, stream)
        } finally {
          const left = (open.get(id) ?? 1) - 1
          if (left > 0) open.set(id, left)
          else open.delete(id)
        }
      },
      (error) => {
        context.var.desk.log.warn({ error }, 'event stream failed')
        return Promise.resolve()
      },
    )
  })
}
