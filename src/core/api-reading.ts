import type { Message } from './conversation.ts'
import type { Ticket, TicketPriority, TicketState, TimelineEntry } from './ticket.ts'
import type { TicketKind } from './conversation.ts'

/** Which tickets, and in which order; what is undefined does not matter. */
export interface TicketFilter {
  readonly states?: readonly TicketState[]
  readonly kind?: TicketKind
  readonly priority?: TicketPriority
  /** An agent's id; null: nobody has it. */
  readonly assigneeId?: string | null
  readonly contactId?: string
  readonly updatedSince?: Date
  /** `newest`: by number, the latest first. `updated`: what has waited longest for a change first, to copy from. */
  readonly order: 'newest' | 'updated'
}

/** Where a page of tickets ended. */
export interface TicketPlace {
  readonly number: number
  readonly updatedAt: Date
}

/** A line of history with its place. */
export interface PlacedEntry extends TimelineEntry {
  readonly id: number
}

/** Pages of what there is, for programs that read it all. */
export interface ApiReading {
  tickets(
    filter: TicketFilter,
    page: { readonly after?: TicketPlace; readonly limit: number },
  ): Promise<readonly Ticket[]>
  /** The id of the ticket with this public number. Throws `not_found`. */
  ticketId(number: number): Promise<string>
  timeline(
    ticketId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly PlacedEntry[]>
  /** Throws `not_found`. */
  message(messageId: string): Promise<Message>
  /** Oldest first. Throws `not_found`. */
  messages(
    conversationId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly Message[]>
}
