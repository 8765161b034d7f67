import type { Agent } from './agent.ts'
import type { Author, DecisionRecord, Direction, TicketBrief, TicketKind } from './conversation.ts'
import type { ChannelName, Part } from './message.ts'
import type { TicketChangeName, TicketPriority, TicketState } from './ticket.ts'

/** Something that was said before the demo began. */
export interface PastMessage {
  readonly id: string
  readonly direction: Direction
  readonly author: Author
  readonly agentId?: string
  readonly parts: readonly Part[]
  readonly at: Date
  /** What the bot decided; on what contacts said. */
  readonly decision?: DecisionRecord
  /** The provider messages it became; on what was sent. */
  readonly rendered?: readonly Part[]
}

/** One line of a past ticket's history. */
export interface PastChange {
  readonly at: Date
  readonly actor: Author
  readonly agentId?: string
  readonly change: TicketChangeName
  readonly detail: Readonly<Record<string, unknown>>
}

/** A past conversation and its contact. */
export interface PastTalk {
  readonly contact: { readonly id: string; readonly key: string; readonly name: string }
  readonly conversation: {
    readonly id: string
    readonly inboxId: string
    readonly channel: ChannelName
    readonly threadKey: string
  }
  /** Oldest first. */
  readonly messages: readonly PastMessage[]
}

/** A past ticket, with the conversation and the contact it is of. */
export interface PastTicket extends PastTalk {
  readonly id: string
  readonly number: number
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: TicketPriority
  readonly state: TicketState
  readonly brief: TicketBrief
  readonly title: string
  readonly summary: string
  readonly reason: string
  readonly tags: readonly string[]
  readonly holdReason?: string
  readonly assigneeId?: string
  readonly openedAt: Date
  readonly updatedAt: Date
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
  readonly firstRepliedAt?: Date
  readonly solvedAt?: Date
  readonly closedAt?: Date
  /** Oldest first. */
  readonly history: readonly PastChange[]
  /** How the contact rated it, and when. */
  readonly rating?: { readonly score: number; readonly at: Date }
}

/** Keeps what the demo brand's first visitor finds done already. */
export interface PastKeeper {
  /** Ticket numbers that nobody else gets, in order. */
  numbers(count: number): Promise<readonly number[]>
  /** Stores all of it, or nothing. `talks`: conversations that came to no ticket. */
  begin(past: {
    readonly agents: readonly Agent[]
    readonly tickets: readonly PastTicket[]
    readonly talks: readonly PastTalk[]
  }): Promise<void>
  /** Takes these agents away, but for those who have signed in. */
  dismiss(agentIds: readonly string[]): Promise<void>
  /** Canned replies and macros that were made with these keys and that nobody changed. */
  aids(keys: readonly string[]): Promise<{ readonly cannedReplies: number; readonly macros: number }>
  /** Takes those away. */
  forget(keys: readonly string[]): Promise<void>
}
