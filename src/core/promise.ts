import type { TicketKind } from './conversation.ts'
import type { Query, Transaction } from './database.ts'
import type { ChannelName } from './message.ts'
import type { TicketPriority, TicketState, TimelineEntry } from './ticket.ts'

/** What a contact is promised of a ticket. */
export const promiseNames = ['first-reply', 'next-reply', 'resolution'] as const
export type PromiseName = (typeof promiseNames)[number]

/** What decides which terms hold for a ticket. */
export interface PromiseFacts {
  readonly kind: TicketKind
  readonly priority: TicketPriority
  readonly channel: ChannelName
  /** How the brand ranks the contact, e.g. `vip`; absent: not at all. */
  readonly tier?: string
}

/** What is promised, and in whose time. */
export interface PromiseTerms {
  /** The policy they come from. */
  readonly policy: string
  readonly firstReplyMs: number
  readonly nextReplyMs: number
  readonly resolutionMs: number
  /** The calendar in whose open time they are counted; absent: around the clock. */
  readonly calendar?: string
}

/** Terms from a moment on. What was promised stays when the configuration changes. */
export interface TermsSince extends PromiseTerms {
  readonly from: Date
}

/** By when a person replies first, and by when the matter is settled. */
export interface PromisedTimes {
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
}

/** The times promised for a ticket opened at `now`. */
export type PromiseTimes = (facts: PromiseFacts, now: Date) => PromisedTimes

/** How one promise stands. */
export interface PromiseStanding {
  readonly name: PromiseName
  /** When its clock was set going: the opening, or what the contact wrote last without a reply. */
  readonly since: Date
  /** When it is due; absent: its clock stands still. */
  readonly dueAt?: Date
  /** When only a quarter of its time is left. */
  readonly dangerAt?: Date
}

/** How a ticket's promises stand. */
export interface Promises {
  readonly terms: readonly TermsSince[]
  /** What is still to be kept. */
  readonly open: readonly PromiseStanding[]
  /** Due times as they are shown; a clock that stands still shows what it stopped at. */
  readonly firstReplyDueAt: Date
  readonly nextReplyDueAt?: Date
  readonly resolutionDueAt: Date
  /** Since when the clocks stand still; absent: they run, or there is nothing left to keep. */
  readonly pausedAt?: Date
  /** The soonest of what is still to be kept; absent: nothing runs. */
  readonly dueAt?: Date
  /** When the first of what is still to be kept is in danger; absent: nothing runs. */
  readonly dangerAt?: Date
}

/** Everything of a ticket that its promises go by. */
export interface PromiseCourse {
  readonly ticketId: string
  readonly number: number
  readonly facts: PromiseFacts
  readonly topic: string
  readonly state: TicketState
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly firstRepliedAt?: Date
  readonly firstReplyDueAt: Date
  readonly nextReplyDueAt?: Date
  readonly resolutionDueAt: Date
  readonly dangerAt?: Date
  readonly pausedAt?: Date
  readonly terms: readonly TermsSince[]
  /** The oldest line first. */
  readonly history: readonly Pick<TimelineEntry, 'at' | 'actor' | 'change' | 'detail'>[]
}

/** Works out how promises stand. */
export type Reckon = (course: PromiseCourse) => Promises

/** A warning that only a quarter of the time is left, or a promise that was not kept. */
export interface PromiseAlarm {
  readonly promise: PromiseName
  readonly since: Date
  readonly dueAt: Date
  /** -1: in danger; 0 and more: not kept, and which step of the chain this is. */
  readonly step: number
}

/** Who is told of an alarm. */
export type AlarmAudience = 'assignee' | 'lead' | 'supervisor'

/** An alarm as a person sees it. */
export interface Alert {
  readonly id: string
  readonly ticketId: string
  readonly number: number
  readonly title: string
  readonly promise: PromiseName
  readonly kind: 'danger' | 'broken'
  readonly dueAt: Date
  readonly createdAt: Date
  readonly seenAt?: Date
}

/** The alarms that people were told of. */
export interface AlertStore {
  /** The agent's own, the newest first. */
  list(agentId: string, page: { readonly unseen: boolean; readonly limit: number }): Promise<readonly Alert[]>
  /** Marks as seen; those of others and unknown ones are left alone. */
  see(agentId: string, ids: readonly string[], now: Date): Promise<void>
}

/** Where promises are kept. */
export interface PromiseBook {
  /**
   * Reckons up to `limit` tickets that changed since they were last reckoned, each in the transaction in which `then`
   * is called with what came of it. Several nodes may do so at once. Gives their number.
   */
  reckonChanged(
    limit: number,
    reckon: Reckon,
    then: (transaction: Transaction, course: PromiseCourse, promises: Promises) => Promise<void>,
  ): Promise<number>
  /** Has every ticket that is owed reckoned again: a calendar changed. */
  forgetReckoning(): Promise<void>
  /** The same for those that were reckoned before it was kept when they are in danger. */
  forgetIncomplete(): Promise<void>
  /** The ticket, which stays as it is until the transaction ends; undefined: there is none (any more). */
  lock(query: Query, ticketId: string): Promise<PromiseCourse | undefined>
  /** Writes an alarm into the ticket's history and tells the audience. */
  raise(
    query: Query,
    alarm: PromiseAlarm & { readonly ticketId: string; readonly tell: readonly AlarmAudience[] },
    now: Date,
  ): Promise<void>
}
