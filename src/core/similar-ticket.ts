import type { TicketKind } from './conversation.ts'
import type { Ticket } from './ticket.ts'

/** A settled ticket that another may be like. */
export interface PastTicket {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly kind: TicketKind
  readonly solvedAt: Date
}

/** A settled ticket that begins like another one. */
export interface SimilarTicket extends PastTicket {
  /** 0 to 1: how much of their first words is the same. */
  readonly likeness: number
  /** The last thing that an agent said to its contact; absent: nobody said anything in words. */
  readonly answer?: string
}

/** Words that were said under one ticket. */
export interface SaidUnder {
  readonly author: 'contact' | 'agent'
  readonly agentName?: string
  readonly text: string
}

/** Reads settled tickets. */
export interface PastTickets {
  /** The newest of the topic that were settled since then, this one and merged ones left out. */
  ofTopic(ticket: Ticket, since: Date): Promise<readonly PastTicket[]>
  /** The last words of an agent in each ticket, by the ticket's id. */
  answers(ticketIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * What was said under a ticket until it was settled, oldest first, the newest `limit`: replies that were sent under it,
   * and words of its contact while no other ticket of the conversation was at work.
   */
  said(ticketId: string, limit: number): Promise<readonly SaidUnder[]>
}

/** Settled tickets of the same topic with similar first words, the most similar first, at most `limit`. */
export type FindSimilarTickets = (ticket: Ticket, limit: number) => Promise<readonly SimilarTicket[]>
