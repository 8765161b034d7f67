import type { TicketView } from '../api/desk.ts'
import type { Session } from '../shell/session.ts'

/** What may be done with a ticket now, by permission and state. */
export interface Allowed {
  readonly take: boolean
  /** Taking it takes it from somebody. */
  readonly force: boolean
  readonly handBack: boolean
  readonly solve: boolean
  readonly transfer: boolean
}

export const isDone = ({ state }: TicketView): boolean => state === 'solved' || state === 'closed'

export const allowedFor = (ticket: TicketView, { agent, may }: Session): Allowed => {
  const mine = ticket.assigneeId === agent.id
  const held = ticket.assigneeId !== undefined && !mine
  const done = isDone(ticket)
  return {
    take: !mine && !done && may('ticket.take') && (!held || may('ticket.take-over')),
    force: held,
    handBack: !held && ticket.conversationMode === 'human' && !done && may('ticket.handback'),
    solve: !held && !done && may('ticket.solve'),
    transfer: !done && may('ticket.take') && (!held || may('ticket.take-over')),
  }
}
