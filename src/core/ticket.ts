import type { ChannelName, Part } from './message.ts'
import type {
  Author,
  ConversationMode,
  Message,
  OutboundDraft,
  TicketBrief,
  TicketKind,
} from './conversation.ts'

/** `solved` is the agent's claim, `closed` is final. */
export type TicketState = 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed'
export type TicketPriority = 'normal' | 'high' | 'urgent'

/** Work owed to a contact. */
export interface Ticket {
  readonly id: string
  /** Public number, shown as `T-<number>`. */
  readonly number: number
  readonly conversationId: string
  readonly contactId: string
  readonly contactName: string
  readonly inboxId: string
  readonly channel: ChannelName
  readonly conversationMode: ConversationMode
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: TicketPriority
  readonly state: TicketState
  readonly title: string
  readonly summary: string
  readonly reason: string
  /** What title, summary and reason say; absent on tickets from before it was kept. */
  readonly brief?: TicketBrief
  readonly assigneeId?: string
  readonly assigneeName?: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
  readonly firstRepliedAt?: Date
  readonly solvedAt?: Date
  /** Grows with every change; a write that names an older one is refused with `conflict`. */
  readonly version: number
}

/** One line of a ticket's history: what changed, who did it, why. */
export interface TimelineEntry {
  readonly at: Date
  readonly actor: Author
  readonly agentId?: string
  readonly agentName?: string
  readonly change: TicketChangeName
  readonly detail: Readonly<Record<string, unknown>>
}

export type TicketChangeName =
  | 'opened'
  | 'taken'
  | 'replied'
  | 'withdrawn'
  | 'noted'
  | 'handed-back'
  | 'solved'
  | 'reopened'
  | 'contact-wrote'
  | 'moved'

/** One atomic change of a ticket and its conversation. */
export interface TicketChange {
  readonly ticketId: string
  /** Undefined: any; else `conflict` when the ticket has moved on. */
  readonly expectedVersion?: number
  /** Repeating a change with the same key has no further effect and gives the first result. */
  readonly idempotencyKey?: string
  readonly actor: { readonly agentId: string; readonly name: string }
  readonly change: TicketChangeName
  /** The history's detail; the store adds `before: { state, mode }` to a change of state. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly set: {
    readonly state?: TicketState
    readonly assigneeId?: string
    readonly mode?: ConversationMode
    /** A moment only counts while there is none; null takes it back. */
    readonly firstRepliedAt?: Date | null
    readonly solvedAt?: Date | null
  }
  /** Refuses with `conflict` when another agent already holds it. */
  readonly onlyIfUnassigned?: boolean
  /** The history's detail names it as `messageId`. */
  readonly say?: OutboundDraft
  /** Goes on in this conversation of the same contact; refused with `bad_input` when it is somebody else's. */
  readonly moveTo?: string
  /** Milliseconds before `say` is sent: so long it can surely be withdrawn. */
  readonly holdMs?: number
  /** Takes this message back; refuses with `conflict` once any of it is, or was, on its way. */
  readonly withdraw?: string
  /** Internal text for the transcript. */
  readonly note?: string
}

export interface TicketQuery {
  readonly view: 'unassigned' | 'mine' | 'open' | 'solved' | 'all'
  readonly agentId: string
  readonly limit: number
}

/** The ticket under which an agent's message was said. Throws `not_found`. */
export type FindRepliedTicket = (messageId: string) => Promise<string>

/** Tickets and what happened to them. */
export interface TicketStore {
  list(query: TicketQuery): Promise<readonly Ticket[]>
  /** Throws `not_found`. */
  get(ticketId: string): Promise<Ticket>
  timeline(ticketId: string): Promise<readonly TimelineEntry[]>
  transcript(conversationId: string, limit: number): Promise<readonly Message[]>
  /** Applies one change in one transaction. Throws `not_found`, `conflict`. */
  apply(change: TicketChange, now: Date): Promise<Ticket>
}

/** Who asks for a change, and how it is protected against stale screens and double clicks. */
export interface TicketRequest {
  readonly agent: { readonly id: string; readonly name: string }
  readonly ticketId: string
  /** The version the agent saw; an older one is refused with `conflict`. */
  readonly version?: number
  readonly idempotencyKey?: string
}

/** An act of an agent that can still be taken back. */
export interface UndoOffer {
  readonly act: 'reply' | 'solve'
  /** For a reply: what to withdraw. */
  readonly messageId?: string
  readonly leftMs: number
}

/** Taking back what was just done. */
export interface UndoService {
  /** The agent's newest act on the ticket, while it can be taken back. */
  offer(ticketId: string, agentId: string): Promise<UndoOffer | undefined>
  /** Takes back a reply that is not on its way yet. Throws `not_found` and `conflict`. */
  withdraw(request: TicketRequest, messageId: string): Promise<Ticket>
  /** Puts a ticket back to what it was before the agent solved it. Throws `not_found` and `conflict`. */
  undoSolve(request: TicketRequest): Promise<Ticket>
}

/** What agents do with tickets. Every method throws `not_found` and `conflict`. */
export interface TicketService {
  /** Assigns the ticket to the agent and silences the bot. `force` takes it from a colleague. */
  take(request: TicketRequest, force: boolean): Promise<Ticket>
  /**
   * Sends text, files or both to the contact through the channel the contact wrote from; takes the ticket when nobody
   * has it. The text may be empty beside files.
   */
  reply(request: TicketRequest, text: string, files?: readonly Part[]): Promise<Ticket>
  /** Adds a note that only agents see. */
  note(request: TicketRequest, text: string): Promise<Ticket>
  /** Goes on with the contact through another of their conversations; the bot leads again in the old one. */
  move(request: TicketRequest, conversationId: string): Promise<Ticket>
  /** Lets the bot answer again; the ticket waits for the contact (`pending`). */
  handBack(request: TicketRequest): Promise<Ticket>
  /** Claims the matter settled; the bot answers what comes next. */
  solve(request: TicketRequest): Promise<Ticket>
}
