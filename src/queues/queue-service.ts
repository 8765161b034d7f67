import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { Assignment, QueueRequest, QueueService, TransferTarget } from '../core/queue.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type { Ticket, TicketSet, TicketStore } from '../core/ticket.ts'
import { changeOf, checkText, type Effect } from '../tickets/index.ts'

export interface QueueServiceOptions {
  readonly store: Pick<TicketStore, 'get' | 'apply'>
  readonly assignment: Pick<Assignment, 'give'>
  readonly clock: Clock
  /** Tells open desks and the queue that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

/** A ticket that is owed to nobody any more is reopened before it is handed on. */
const checkOwed = (ticket: Ticket): void => {
  if (!isOwed(ticket.state))
    throw new TongdaError('conflict', `this ticket is ${ticket.state}; take it up again first`, {
      version: ticket.version,
    })
}

/** In the queue it is a person's turn, whatever it waited for. */
const queued = ({ state }: Ticket, now: Date): TicketSet => ({
  assigneeId: null,
  queuedAt: now,
  state: state === 'new' ? 'new' : 'open',
  mode: 'human',
})

const setFor = (ticket: Ticket, to: TransferTarget, now: Date): TicketSet =>
  'teamId' in to
    ? { ...queued(ticket, now), teamId: to.teamId }
    : { assigneeId: to.agentId, state: 'open', mode: 'human' }

/** Who has a ticket, by people's word. Throws `not_found`, `conflict` and `bad_input`. */
export const createQueueService = (options: QueueServiceOptions): QueueService => {
  const { store, assignment, clock, publish } = options
  /** The change that rests on the ticket as it is now. */
  const effectOn = async (
    request: QueueRequest,
    effectOf: (ticket: Ticket, now: Date) => Effect,
  ): Promise<ReturnType<typeof changeOf>> => {
    const ticket = await store.get(request.ticketId)
    checkOwed(ticket)
    const { version = ticket.version, agent, force } = request
    return changeOf(
      { ...request, version },
      { onlyIfUnassigned: !force && agent.program !== true, ...effectOf(ticket, clock.now()) },
    )
  }
  const told = (ticket: Ticket): Ticket => {
    publish(ticket.id)
    return ticket
  }
  return {
    transfer: async (request, to, note) => {
      const words = checkText(note)
      const change = await effectOn(request, (ticket, now) => ({
        change: 'transferred',
        detail: { ...to, characters: words.length },
        set: setFor(ticket, to, now),
        note: words,
      }))
      return told(await assignment.give(change, to, clock.now()))
    },
    assign: async (request, agentId) => {
      const change = await effectOn(request, (ticket, now) => ({
        change: 'assigned',
        detail: { agentId },
        set: setFor(ticket, { agentId }, now),
      }))
      return told(await assignment.give(change, { agentId }, clock.now()))
    },
    unassign: async (request) => {
      const change = await effectOn(request, (ticket, now) => ({
        change: 'unassigned',
        set: queued(ticket, now),
      }))
      return told(await store.apply(change, clock.now()))
    },
  }
}
