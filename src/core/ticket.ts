import type { ChannelName, Part } from './message.ts'
import type {
  Author,
  ConversationMode,
  Message,
  OutboundDraft,
  TicketBrief,
  TicketKind,
} from './conversation.ts'
import type { TicketPriority, TicketState } from './ticket-state.ts'
import type { TicketFilter, TicketOrder } from './ticket-view.ts'

export type { TicketPriority, TicketState }

/** Work owed to a contact. */
export interface Ticket {
  readonly id: string
  /** Public number, shown as `T-<number>`. */
  readonly number: number
  readonly conversationId: string
  readonly contactId: string
  readonly contactName: string
  /** How the brand ranks the contact, e.g. `vip`. */
  readonly contactTier?: string
  readonly inboxId: string
  readonly channel: ChannelName
  readonly conversationMode: ConversationMode
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: TicketPriority
  readonly state: TicketState
  readonly title: string
  /** The title an agent gave it, in place of the one its beginning did. */
  readonly subject?: string
  readonly summary: string
  readonly reason: string
  /** What title, summary and reason say; absent on tickets from before it was kept. */
  readonly brief?: TicketBrief
  readonly assigneeId?: string
  readonly assigneeName?: string
  /** Whose queue it is in, or came from. */
  readonly teamId?: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly firstReplyDueAt: Date
  /** When a reply to what the contact wrote since is due; absent: nobody waits for one. */
  readonly nextReplyDueAt?: Date
  readonly resolutionDueAt: Date
  /** The soonest of what is still owed; absent: nothing is, or its clocks stand still. */
  readonly dueAt?: Date
  /** From when on a promise is in danger: a quarter of its time is left, or less; absent: none is running. */
  readonly dangerAt?: Date
  /** Since when the clocks stand still: it waits for the contact or for somebody else. */
  readonly pausedAt?: Date
  readonly firstRepliedAt?: Date
  readonly solvedAt?: Date
  readonly closedAt?: Date
  readonly tags: readonly string[]
  /** Custom fields by name. */
  readonly fields: TicketFields
  /** For whom or what it waits, while it is `on_hold`. */
  readonly holdReason?: string
  /** When it comes back by itself; absent: when somebody says so, or the contact writes. */
  readonly holdUntil?: Date
  /** The ticket it hangs under. */
  readonly parentId?: string
  /** The ticket that goes on for both. */
  readonly mergedInto?: string
  /** Grows with every change; a write that names an older one is refused with `conflict`. */
  readonly version: number
}

/** Values of custom fields. */
export type TicketFields = Readonly<Record<string, string | number | boolean>>

/** How one ticket belongs to another: it `continues` it, was `split` off it, says the same, or is only related. */
export type TicketLinkKind = 'related' | 'duplicate' | 'continues' | 'split'

/** A ticket as others name it. */
export interface TicketMention {
  readonly id: string
  readonly number: number
  readonly state: TicketState
  readonly title: string
}

/** A ticket as its contact may know it. */
export interface TicketStanding extends TicketMention {
  readonly createdAt: Date
  readonly firstReplyDueAt: Date
  readonly firstRepliedAt?: Date
  readonly holdUntil?: Date
  readonly solvedAt?: Date
  readonly closedAt?: Date
  /** The number of the ticket that goes on for it. */
  readonly mergedInto?: number
}

/** What contacts may know of their tickets, whatever conversation they are of. */
export interface TicketStandings {
  /** The contact's own: those owed, and those settled since `since`; newest first, at most `limit`. */
  ofContact(contactId: string, since: Date, limit: number): Promise<readonly TicketStanding[]>
  /** The contact's own one of this number; undefined: the contact has none of it. */
  ofNumber(contactId: string, number: number): Promise<TicketStanding | undefined>
  /** Throws `not_found`. */
  get(ticketId: string): Promise<TicketStanding>
}

/** Another ticket and how the one at hand belongs to it. */
export interface RelatedTicket extends TicketMention {
  readonly relation: TicketLinkKind | 'parent' | 'child' | 'merged-into' | 'merged-from'
  /** For links: whether the other one names this one. */
  readonly inverse: boolean
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
  | 'assigned'
  | 'unassigned'
  | 'transferred'
  | 'routed'
  | 'held'
  | 'resumed'
  | 'closed'
  | 'changed'
  | 'merged'
  | 'absorbed'
  | 'split'
  | 'linked'
  | 'unlinked'
  /** A quarter of the promised time is left. */
  | 'promise-in-danger'
  | 'promise-broken'

/** Who changes a ticket: an agent, or the product itself by a rule whose name the history keeps. */
export type TicketActor =
  { readonly agentId: string; readonly name: string } | { readonly author: 'system'; readonly rule: string }

/** What a change sets; what is absent stays as it is, null takes a value away. */
export interface TicketSet {
  /** Refused with `conflict` where the states do not follow (see `mayFollow`). */
  readonly state?: TicketState
  readonly assigneeId?: string | null
  readonly teamId?: string
  /** Since when it waits in its team's queue. */
  readonly queuedAt?: Date
  readonly mode?: ConversationMode
  /** A moment only counts while there is none; null takes it back. */
  readonly firstRepliedAt?: Date | null
  readonly solvedAt?: Date | null
  readonly closedAt?: Date | null
  readonly kind?: TicketKind
  readonly topic?: string
  readonly priority?: TicketPriority
  readonly subject?: string | null
  readonly tags?: readonly string[]
  readonly fields?: TicketFields
  readonly holdReason?: string | null
  readonly holdUntil?: Date | null
  /** Refused with `bad_input` when it would hang under itself, under a child, or has children of its own. */
  readonly parentId?: string | null
}

/** One atomic change of a ticket and its conversation. */
export interface TicketChange {
  readonly ticketId: string
  /** Undefined: any; else `conflict` when the ticket has moved on. */
  readonly expectedVersion?: number
  /** Repeating a change with the same key has no further effect and gives the first result. */
  readonly idempotencyKey?: string
  readonly actor: TicketActor
  readonly change: TicketChangeName
  /** The history's detail; the store adds `before: { state, mode }` to a change of state. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly set: TicketSet
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

/** Lists that are the same for everybody, but for who looks. */
export const plainViews = ['unassigned', 'mine', 'mentioned', 'due', 'held', 'open', 'solved', 'all'] as const

/** Which tickets a list holds. */
export type TicketSelection =
  | {
      /** `mentioned`: with something that the agent was mentioned in and has not read. `held`: waiting for others. */
      readonly view: Exclude<(typeof plainViews)[number], 'due'>
    }
  /** With a promise that is in danger, or was not kept. */
  | { readonly view: 'due'; readonly now: Date }
  | {
      readonly view: 'custom'
      readonly filter: TicketFilter
      readonly order: TicketOrder
      readonly now: Date
    }

/** Who looks at a list, and at which piece of it. */
export interface TicketPage {
  readonly agentId: string
  readonly limit: number
  /** Goes on after this ticket; gives none when it is gone. */
  readonly after?: string
}

export type TicketQuery = TicketSelection & TicketPage

/** The ticket under which an agent's message was said. Throws `not_found`. */
export type FindRepliedTicket = (messageId: string) => Promise<string>

/** Tickets and what happened to them. */
export interface TicketStore {
  list(query: TicketQuery): Promise<readonly Ticket[]>
  /** How many there are, counting no further than `limit`. */
  count(query: TicketSelection & Pick<TicketPage, 'agentId' | 'limit'>): Promise<number>
  /** Throws `not_found`. */
  get(ticketId: string): Promise<Ticket>
  timeline(ticketId: string): Promise<readonly TimelineEntry[]>
  transcript(conversationId: string, limit: number): Promise<readonly Message[]>
  /** Applies one change in one transaction. Throws `not_found`, `conflict`. */
  apply(change: TicketChange, now: Date): Promise<Ticket>
}

/** A ticket that comes out of another. */
export interface SplitDraft {
  readonly title: string
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: TicketPriority
  readonly brief: TicketBrief
  readonly summary: string
  readonly reason: string
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
}

/** One atomic change of two tickets. `conflict` when the first has moved on, `not_found`, `bad_input` as a rule says. */
export interface PairChange {
  readonly ticketId: string
  readonly expectedVersion?: number
  readonly idempotencyKey?: string
  readonly actor: TicketActor
}

/** Which tickets belong together. Each change is one transaction and stands in the history of both. */
export interface TicketRelations {
  /** Everything that belongs to the ticket, newest first. */
  related(ticketId: string): Promise<readonly RelatedTicket[]>
  /** Links the ticket to another, or unlinks it; done already, nothing changes. */
  link(
    change: PairChange & { readonly toId: string; readonly kind: TicketLinkKind; readonly linked: boolean },
    now: Date,
  ): Promise<Ticket>
  /** Closes the ticket in favour of another open one of the same contact; gives that one. */
  merge(change: PairChange & { readonly intoId: string }, now: Date): Promise<Ticket>
  /** Opens a second ticket in the same conversation, held by who splits; gives the new one. */
  split(
    change: PairChange & { readonly draft: SplitDraft; readonly messageIds: readonly string[] },
    now: Date,
  ): Promise<Ticket>
}

/** What time alone changes. Each gives the tickets that changed, at most `limit`. */
export interface TicketTides {
  /** Brings back tickets whose hold is over. */
  resumeHeld(now: Date, limit: number): Promise<readonly string[]>
  /** Closes tickets that were solved before `before`. */
  closeSolved(before: Date, now: Date, limit: number): Promise<readonly string[]>
}

/** Who asks for a change, and how it is protected against stale screens and double clicks. */
export interface TicketRequest {
  /** A `program` outside has the name of its key: it holds no tickets and is held up by nobody who does. */
  readonly agent: { readonly id: string; readonly name: string; readonly program?: true }
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
   * has it. The text may be empty beside files. `solving`: claims the matter settled with it, in the same change.
   */
  reply(request: TicketRequest, text: string, files?: readonly Part[], solving?: boolean): Promise<Ticket>
  /** Adds a note that only agents see. */
  note(request: TicketRequest, text: string): Promise<Ticket>
  /** Goes on with the contact through another of their conversations; the bot leads again in the old one. */
  move(request: TicketRequest, conversationId: string): Promise<Ticket>
  /** Lets the bot answer again; the ticket waits for the contact (`pending`). */
  handBack(request: TicketRequest): Promise<Ticket>
  /** Claims the matter settled; the bot answers what comes next. */
  solve(request: TicketRequest): Promise<Ticket>
}

/** Facts of a ticket that agents change; null takes one away. */
export interface TicketFacts {
  readonly kind?: TicketKind
  readonly topic?: string
  readonly priority?: TicketPriority
  readonly subject?: string | null
  readonly tags?: readonly string[]
  readonly fields?: Readonly<Record<string, TicketFields[string] | null>>
  /** The ticket to hang under. */
  readonly parentId?: string | null
}

/** What agents do with tickets beside speaking to the contact. Every method throws `not_found`, `conflict`, `bad_input`. */
export interface TicketUpkeep {
  /** Changes what the ticket says of itself. */
  change(request: TicketRequest, facts: TicketFacts): Promise<Ticket>
  /** Waits for somebody else than the contact; comes back at `until`, or when the contact writes. Keeps the ticket. */
  hold(request: TicketRequest, reason: string, until?: Date): Promise<Ticket>
  /** Ends a hold. */
  resume(request: TicketRequest): Promise<Ticket>
  /** Takes up a solved ticket again. */
  reopen(request: TicketRequest, reason: string): Promise<Ticket>
  /** Ends the ticket for good, without a reply. */
  close(request: TicketRequest, reason: string): Promise<Ticket>
}

/** Which messages a ticket of their own is made of, and what it is. */
export interface SplitRequest {
  readonly messageIds: readonly string[]
  readonly title: string
  /** Absent: as the ticket it comes from. */
  readonly kind?: TicketKind
  readonly topic?: string
  readonly priority?: TicketPriority
}

/** Puts tickets together and takes them apart. Every method throws `not_found`, `conflict`, `bad_input`. */
export interface RelationService {
  related(ticketId: string): Promise<readonly RelatedTicket[]>
  link(
    request: TicketRequest,
    link: { readonly toId: string; readonly kind: TicketLinkKind; readonly linked: boolean },
  ): Promise<Ticket>
  /** Gives the ticket that goes on for both. */
  merge(request: TicketRequest, intoId: string): Promise<Ticket>
  /** Gives the new ticket, held by who splits. */
  split(request: TicketRequest, split: SplitRequest): Promise<Ticket>
}
