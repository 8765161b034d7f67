import type { TicketKind } from './conversation.ts'
import type { ChannelName } from './message.ts'
import type { Ticket, TicketChange, TicketPriority, TicketRequest, TicketState } from './ticket.ts'

/** How much somebody is trusted with at once; the configuration says how much that is. */
export const grades = ['junior', 'agent', 'senior', 'lead'] as const
export type Grade = (typeof grades)[number]

/** Only who is `online` is given tickets; `busy` and `away` are signed in and get none. */
export const availabilities = ['online', 'busy', 'away', 'offline'] as const
export type Availability = (typeof availabilities)[number]

/** To whom of those who are free: who carries least of what they may, or in turn. */
export const spreads = ['leastLoaded', 'roundRobin'] as const
export type Spread = (typeof spreads)[number]

/** Which tickets a team takes. An empty list: any; all lists empty: none but what is transferred to it. */
export interface TeamTakes {
  readonly kinds: readonly TicketKind[]
  readonly topics: readonly string[]
  readonly priorities: readonly TicketPriority[]
  readonly channels: readonly ChannelName[]
}

/** What a team is, as it is written. */
export interface TeamFacts {
  readonly name: { readonly zh: string; readonly en: string }
  readonly spread: Spread
  readonly takes: TeamTakes
  /** The skill that tickets of a topic need, by topic. */
  readonly skills: Readonly<Record<string, string>>
  /** Takes what no other team does. One team at most is it. */
  readonly isDefault: boolean
}

/** People who work the same tickets. */
export interface Team extends TeamFacts {
  readonly id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Grows with every change; a change that names an older one is refused with `conflict`. */
  readonly version: number
}

/** The teams. `get`, `change` and `remove` throw `not_found`; a stale `change` throws `conflict`. */
export interface TeamStore {
  /** By name; none that was removed. */
  list(): Promise<readonly Team[]>
  get(teamId: string): Promise<Team>
  /** A default team takes the place of the one before it. The same key gives the same team. */
  create(facts: TeamFacts, now: Date, idempotencyKey?: string): Promise<Team>
  change(
    teamId: string,
    change: { readonly facts: Partial<TeamFacts>; readonly expectedVersion?: number },
    now: Date,
  ): Promise<Team>
  /** Its members are free, what waits in it goes to other teams; settled tickets keep its name. */
  remove(teamId: string, now: Date): Promise<void>
}

/** A person in a team. */
export interface TeamMember {
  readonly teamId: string
  readonly agentId: string
  readonly agentName: string
  readonly grade: Grade
  readonly skills: readonly string[]
}

/** Who is in which team. Every method throws `not_found` for a team or an agent that is not there. */
export interface TeamMembers {
  /** By name. */
  list(teamId: string): Promise<readonly TeamMember[]>
  /** Takes somebody in, or changes what they may and can. Throws `bad_input` when their role works no tickets. */
  put(member: Omit<TeamMember, 'agentName'>): Promise<TeamMember>
  remove(teamId: string, agentId: string): Promise<void>
}

/** Whether somebody is there. */
export interface Presence {
  readonly agentId: string
  readonly agentName: string
  readonly availability: Availability
  /** True: nobody said so, it came of silence. */
  readonly automatic: boolean
  readonly since: Date
  /** The last sign of life of their desk. */
  readonly seenAt: Date
  /** Tickets that count against what they may carry. */
  readonly load: number
}

/** Before which moments silence counts. */
export interface PresenceLimits {
  /** Whose desk was last heard of before is offline. */
  readonly silentBefore: Date
  /** Who touched nothing since is away; undefined: never. */
  readonly idleBefore?: Date
}

/** Who is there, over all nodes. */
export interface PresenceStore {
  /** Everybody who was ever there, by name. `countedAfter`: see `AssignPolicy`. */
  list(countedAfter: Date): Promise<readonly Presence[]>
  /** Says where somebody is. Throws `not_found`. */
  set(agentId: string, availability: Availability, now: Date): Promise<void>
  /**
   * A sign of life of somebody's desk; `active`: of them, too, which ends an absence that came of idleness. Gives what
   * they are, undefined when they never said; `returned`: they are online again.
   */
  beat(
    agentId: string,
    active: boolean,
    now: Date,
  ): Promise<
    | { readonly availability: Availability; readonly automatic: boolean; readonly returned: boolean }
    | undefined
  >
  /** Notes who fell silent or idle; gives how many. */
  lapse(limits: PresenceLimits, now: Date): Promise<number>
}

/** What assigning goes by. */
export interface AssignPolicy extends PresenceLimits {
  /** Tickets somebody may carry at once. */
  readonly capacity: Readonly<Record<Grade, number>>
  /** A ticket that waits for its contact counts while it was last touched after this. */
  readonly countedAfter: Date
}

/** One ticket that found its agent. */
export interface Assigned {
  readonly ticketId: string
  readonly teamId: string
  readonly agentId: string
}

/** Gives tickets to teams and people, each once however many nodes do so. Every change stands in the history. */
export interface Assignment {
  /** Cheap: whether teams exist and anything waits for a team or a person. */
  isNeeded(): Promise<boolean>
  /** Gives tickets that nobody has their team, at most `limit` after the number `after`; undefined: none is left. */
  route(page: { readonly after: number; readonly limit: number }, now: Date): Promise<RoutedPage | undefined>
  /** Gives the ticket that is due first to somebody who is there, free and able; undefined: nobody, or nothing. */
  assignNext(policy: AssignPolicy, now: Date): Promise<Assigned | undefined>
  /** Puts tickets of those who went offline before `before` back into their queue; gives them, at most `limit`. */
  returnAbsent(before: Date, now: Date, limit: number): Promise<readonly string[]>
  /**
   * Applies a change that gives a ticket to a person or a team. Throws `not_found`; `bad_input` when their role works
   * no tickets; `conflict` when teams exist and the person is offline.
   */
  give(change: TicketChange, to: TransferTarget, now: Date): Promise<Ticket>
}

/** A step of routing. */
export interface RoutedPage {
  /** Tickets that got a team. */
  readonly ticketIds: readonly string[]
  /** The last number looked at. */
  readonly last: number
}

/** A ticket that waits for somebody. */
export interface Waiting {
  /** 1: the next. */
  readonly position: number
  readonly ticketId: string
  readonly number: number
  readonly title: string
  readonly state: TicketState
  readonly priority: TicketPriority
  readonly topic: string
  /** What who takes it must be able to. */
  readonly skill?: string
  readonly firstReplyDueAt: Date
  /** Since when it waits. */
  readonly queuedAt: Date
}

/** Where a ticket stands among those that wait for the same team. */
export interface QueuePlace {
  /** 1: the next. */
  readonly position: number
  /** Milliseconds until somebody has it, by the team's pace; undefined: it cannot be said. */
  readonly waitMs?: number
}

/** A ticket before it is opened. */
export interface Arriving {
  readonly conversationId: string
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: TicketPriority
  readonly firstReplyDueAt: Date
}

/** Tells where tickets stand. Nothing is told while no team exists. */
export interface QueueOutlook {
  /** Where a ticket will stand; undefined: in no team's queue. */
  ahead(ticket: Arriving, silentBefore: Date, now: Date): Promise<QueuePlace | undefined>
  /** Those of these tickets that wait. */
  places(
    ticketIds: readonly string[],
    silentBefore: Date,
    now: Date,
  ): Promise<ReadonlyMap<string, QueuePlace>>
  /** What waits in a team's queue, the next first, and how many there are. Throws `not_found`. */
  waiting(
    teamId: string,
    limit: number,
  ): Promise<{ readonly waiting: number; readonly entries: readonly Waiting[] }>
  /** Forgets when tickets left the queue before `before`. */
  retire(before: Date): Promise<void>
}

/** What contacts are told of the queue: never a reason to tell them nothing else. Neither method throws. */
export interface QueueNews {
  /** Where a ticket will stand; undefined: in no queue, or it cannot be said. */
  ahead(ticket: Arriving, now: Date): Promise<QueuePlace | undefined>
  /** Those of these tickets that wait. */
  places(ticketIds: readonly string[], now: Date): Promise<ReadonlyMap<string, QueuePlace>>
}

/** Where a ticket goes: to a person, or back into a team's queue. */
export type TransferTarget = { readonly agentId: string } | { readonly teamId: string }

/** `force`: also what a colleague holds. */
export interface QueueRequest extends TicketRequest {
  readonly force: boolean
}

/** Who has a ticket, by people's word. Every method throws `not_found`, `conflict`, `bad_input`. */
export interface QueueService {
  /** Hands a ticket over with a note that agents read in the transcript. The person leads. */
  transfer(request: QueueRequest, to: TransferTarget, note: string): Promise<Ticket>
  assign(request: QueueRequest, agentId: string): Promise<Ticket>
  /** Puts a ticket back into its queue; the bot stays silent. */
  unassign(request: QueueRequest): Promise<Ticket>
}

/** Presence as people see and set it. */
export interface PresenceService {
  list(): Promise<readonly Presence[]>
  /** Throws `not_found`. */
  set(agentId: string, availability: Availability): Promise<void>
  beat(agentId: string, active: boolean): Promise<Pick<Presence, 'availability' | 'automatic'> | undefined>
}

/** Hands conversations back to the bot where a person led and all fell silent. Gives the tickets, at most `limit`. */
export type HandBackSilent = (before: Date, now: Date, limit: number) => Promise<readonly string[]>
