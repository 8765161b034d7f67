import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  Ticket,
  TicketRequest,
  TicketStore,
  TimelineEntry,
  UndoOffer,
  UndoService,
} from '../core/ticket.ts'
import { changeOf, type Effect } from './ticket-service.ts'

/** What undoing stands on. */
export interface UndoOptions {
  readonly store: TicketStore
  readonly clock: Clock
  /** Milliseconds an act can be taken back; 0: nothing can. */
  readonly undoMs: number
  /** Tells open desks and the outbox that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

/** The request may have been on its way while the time ran out. */
const graceMs = 2_000

/** What a ticket may be again: whoever waited for somebody else says so anew. */
const states = z
  .enum(['new', 'open', 'pending', 'on_hold'])
  .transform((state) => (state === 'on_hold' ? 'open' : state))
const repliedDetail = z.object({
  messageId: z.string(),
  before: z.object({ state: states.catch('open') }),
  /** What the ticket turned with the reply. */
  state: z.string().optional(),
})
const solvedDetail = z.object({
  before: z.object({ state: states, mode: z.enum(['bot', 'human', 'closed']) }),
})
const withdrawnDetail = z.object({ messageId: z.string() })

/** The replies that were not taken back, oldest first. */
const standingReplies = (timeline: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  const withdrawn = timeline
    .filter(({ change }) => change === 'withdrawn')
    .map(({ detail }) => withdrawnDetail.safeParse(detail).data?.messageId)
  return timeline.filter(
    ({ change, detail }) =>
      change === 'replied' && !withdrawn.includes(repliedDetail.safeParse(detail).data?.messageId ?? ''),
  )
}

const tooLate = (ticket: Ticket, message: string): TongdaError =>
  new TongdaError('conflict', message, { version: ticket.version })

const offerOf = ({ change, detail }: TimelineEntry): Omit<UndoOffer, 'leftMs'> | undefined => {
  if (change === 'solved') return solvedDetail.safeParse(detail).success ? { act: 'solve' } : undefined
  const replied = change === 'replied' ? repliedDetail.safeParse(detail) : undefined
  return replied?.success === true ? { act: 'reply', messageId: replied.data.messageId } : undefined
}

/** What the ticket is without a reply: as before it, unless something else has happened since. */
const withoutReply = (
  ticket: Ticket,
  timeline: readonly TimelineEntry[],
  messageId: string,
): Effect['set'] => {
  const replies = standingReplies(timeline)
  const at = replies.findIndex(({ detail }) => detail.messageId === messageId)
  const before = repliedDetail.safeParse(replies[at]?.detail)
  const isNewest = at === replies.length - 1
  // Whoever replied holds the ticket all the same: to them it is not new any more.
  const state = before.data?.before.state === 'new' ? 'open' : before.data?.before.state
  const solved = before.data?.state === 'solved'
  const stands = isNewest && state !== undefined && ticket.state === (solved ? 'solved' : 'pending')
  return {
    ...(stands ? { state } : {}),
    // What was solved along with it is not any more, and whoever replied leads again.
    ...(stands && solved ? { mode: 'human', solvedAt: null } : {}),
    ...(replies.length === 1 ? { firstRepliedAt: null } : {}),
  }
}

/** Takes back what an agent just did, each in one change of the store that its history names. */
export const createUndo = ({ store, clock, undoMs, publish }: UndoOptions): UndoService => {
  const apply = async (request: TicketRequest, effect: Effect): Promise<Ticket> => {
    const ticket = await store.apply(changeOf(request, effect), clock.now())
    publish(ticket.id)
    return ticket
  }
  const leftMs = ({ at }: TimelineEntry): number => undoMs - (clock.now().getTime() - at.getTime())

  return {
    offer: async (ticketId, agentId) => {
      if (undoMs === 0) return undefined
      const last = (await store.timeline(ticketId)).at(-1)
      if (last === undefined || last.agentId !== agentId || leftMs(last) <= 0) return undefined
      const offer = offerOf(last)
      return offer === undefined ? undefined : { ...offer, leftMs: leftMs(last) }
    },
    withdraw: async (request, messageId) => {
      const { ticketId } = request
      const [ticket, timeline] = await Promise.all([store.get(ticketId), store.timeline(ticketId)])
      return apply(
        // What was decided here rests on this version.
        { ...request, version: request.version ?? ticket.version },
        {
          change: 'withdrawn',
          detail: { messageId },
          set: withoutReply(ticket, timeline, messageId),
          onlyIfUnassigned: true,
          withdraw: messageId,
        },
      )
    },
    undoSolve: async (request) => {
      const ticket = await store.get(request.ticketId)
      const last = (await store.timeline(ticket.id)).at(-1)
      const before = solvedDetail.safeParse(last?.detail)
      if (last?.change !== 'solved' || last.agentId !== request.agent.id || !before.success)
        throw tooLate(ticket, 'something else has happened since; look at what is new')
      if (undoMs === 0 || leftMs(last) + graceMs <= 0)
        throw tooLate(ticket, 'it is too late to take this back; take the ticket instead')
      return apply(
        { ...request, version: request.version ?? ticket.version },
        {
          change: 'reopened',
          detail: { undo: true },
          set: { ...before.data.before, solvedAt: null },
          onlyIfUnassigned: true,
        },
      )
    },
  }
}
