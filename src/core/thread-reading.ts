import type { Message } from './conversation.ts'

/** Messages of one conversation that follow each other without a gap, oldest first. */
export interface Stretch {
  readonly messages: readonly Message[]
  /** Whether there are older ones. */
  readonly earlier: boolean
  /** Whether there are newer ones. */
  readonly later: boolean
}

/** Which stretch: the newest, those before a place, or those from a place on (`seq` of a message). */
export interface StretchQuery {
  readonly conversationId: string
  readonly limit: number
  readonly before?: number
  readonly from?: number
}

/** Reads long conversations piece by piece, and remembers per agent how far each was read. */
export interface ThreadReading {
  stretch(query: StretchQuery): Promise<Stretch>
  /** The first message that the agent did neither read nor write; undefined: none, or she never read any of it. */
  firstUnread(conversationId: string, agentId: string): Promise<number | undefined>
  /** Notes that the agent has read the ticket's conversation up to a place; never goes back. */
  markRead(read: { readonly ticketId: string; readonly agentId: string; readonly seq: number }): Promise<void>
}
