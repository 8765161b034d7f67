import type { ConversationMode, OutboundDraft, Quota, TicketBrief, TicketKind } from './conversation.ts'
import type { Transaction } from './database.ts'
import type { Estimate } from './estimate.ts'
import type { ChannelName, Part } from './message.ts'
import type { PublicLanguage } from './suggestions.ts'
import type { OpenSurvey, Score, SurveyEffect } from './survey-answer.ts'

export const surveyStates = ['due', 'asked', 'answered', 'expired', 'refused', 'not-possible'] as const
/**
 * `due` waits for its moment, `refused` said to be asked no more, `expired` said nothing in time; `not-possible` was
 * never asked, for a reason.
 */
export type SurveyState = (typeof surveyStates)[number]

/** Why somebody is not asked. */
export const surveyReasons = [
  'switched-off',
  'not-sampled',
  'kind-excepted',
  'topic-excepted',
  'asked-lately',
  'said-stop',
  'wrote-again',
  'not-solved',
  'survey-open',
  'person-leads',
  'window-closed',
  'quota-used',
  'passive-only',
  'inbox-gone',
] as const
export type SurveyReason = (typeof surveyReasons)[number]

/** One contact who is, was or was not asked about one ticket. */
export interface SurveyInvitation {
  readonly id: string
  readonly ticketId: string
  readonly ticketNumber: number
  readonly contactId: string
  readonly conversationId: string
  readonly inboxId: string
  readonly channel: ChannelName
  /** Whose ticket it was when it was solved. */
  readonly agentId?: string
  readonly teamId?: string
  readonly topic: string
  readonly state: SurveyState
  readonly reason?: SurveyReason
  readonly dueAt: Date
  readonly askedAt?: Date
  readonly expiresAt?: Date
  readonly answeredAt?: Date
  readonly score?: Score
  readonly comment?: string
  /** The ticket in which somebody looks at a low score. */
  readonly reviewTicketId?: string
  readonly version: number
}

/** What a contact did that may answer a survey. */
export interface SurveyHeard {
  readonly survey: OpenSurvey | undefined
  /** What was written or spoken. */
  readonly written: string
  /** Ids of what was pressed. */
  readonly pressed: readonly string[]
  /** Options of something else stand since: a number means one of those. */
  readonly numbersTaken: boolean
  readonly now: Date
  readonly language: PublicLanguage
}

/** How a survey is answered, and what is said to it. */
export interface SurveyReply {
  /** `over`: it was pressed too late. */
  readonly act: 'scored' | 'stopped' | 'agreed' | 'over'
  /** Absent: nothing changes. */
  readonly effect?: SurveyEffect
  readonly say: readonly Part[]
  /** The contact is asked what could be better; an answer until then is a comment. */
  readonly commentUntil?: Date
}

/** A comment on a score, or that there is none. */
export interface SurveyRemark {
  /** Absent: there is none. */
  readonly effect?: SurveyEffect
  readonly say: readonly Part[]
}

/** Reads answers. Pure: same words, same reading. */
export interface SurveyReading {
  /** Undefined: it answers no survey. */
  answer(heard: SurveyHeard): SurveyReply | undefined
  /**
   * What was written right after the question what could be better. Undefined: it is something new. `answerable`: the
   * bot has an answer to it.
   */
  remark(heard: SurveyHeard, answerable: boolean): SurveyRemark | undefined
}

/** A ticket that was solved and whose contact may be asked. */
export interface SolvedTicket {
  readonly id: string
  readonly kind: TicketKind
  readonly topic: string
  readonly solvedAt: Date
}

/** What is planned for a solved ticket. */
export type SurveyPlan =
  | { readonly state: 'due'; readonly dueAt: Date }
  | { readonly state: 'not-possible'; readonly reason: SurveyReason; readonly dueAt: Date }

/** A conversation in which a contact may be asked. */
export interface SurveyPlace {
  readonly conversationId: string
  readonly inboxId: string
  readonly mode: ConversationMode
  /** Undefined: the channel has no allowances. */
  readonly quota?: Quota
  readonly lastInboundAt?: Date
}

/** Everything that decides whether a contact is asked now. */
export interface SurveyMoment {
  readonly place: SurveyPlace
  readonly ticketNumber: number
  readonly language: PublicLanguage
  /** The ticket is still settled, by the same solving, and was not merged. */
  readonly stillSolved: boolean
  /** The contact wrote in this conversation since it was solved. */
  readonly wroteSince: boolean
  /** The contact said to be asked no more. */
  readonly refused: boolean
  /** Another survey can be answered in this conversation. */
  readonly otherOpen: boolean
  /** When the contact was last asked, anywhere. */
  readonly lastAskedAt?: Date
}

/** Who is asked, and when. */
export interface SurveyBook {
  /**
   * Keeps what is planned for up to `limit` tickets that were solved since `since` and have not been looked at; how many.
   * `then` runs in the same transaction for those that are due.
   */
  plan(
    look: { readonly since: Date; readonly limit: number },
    decide: (ticket: SolvedTicket) => SurveyPlan,
    then: (transaction: Transaction, invitationId: string, dueAt: Date) => Promise<void>,
    now: Date,
  ): Promise<number>
  /** Locks an invitation that is due, its ticket and its contact; undefined: it is not due any more. */
  lock(transaction: Transaction, invitationId: string): Promise<SurveyMoment | undefined>
  /** Asks. */
  ask(
    transaction: Transaction,
    invitationId: string,
    saying: { readonly draft: OutboundDraft; readonly expiresAt: Date },
    now: Date,
  ): Promise<void>
  /** Notes down why nobody is asked. */
  put(transaction: Transaction, invitationId: string, reason: SurveyReason, now: Date): Promise<void>
  /** Ends those that nobody answered in time; how many. */
  expire(now: Date, limit: number): Promise<number>
}

/** A low score that somebody is to look at. */
export interface LowScore {
  readonly invitationId: string
  /** Of the invitation: an answer that is changed meanwhile is looked at again. */
  readonly version: number
  readonly score: Score
  readonly comment?: string
  readonly ticketNumber: number
  readonly topic: string
  readonly channel: ChannelName
  readonly contactTier?: string
  readonly reviewTicketId?: string
}

/** The ticket in which somebody looks at a low score. */
export interface ReviewDraft {
  readonly title: string
  readonly kind: TicketKind
  readonly summary: string
  readonly reason: string
  readonly brief: TicketBrief
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
}

/** What is done about a low score. */
export interface Review {
  readonly of: Pick<LowScore, 'invitationId' | 'version'>
  /** Opened unless the invitation has a review ticket. */
  readonly draft: ReviewDraft
  /** Stands in the surveyed ticket, later ones in the review ticket. */
  readonly note: string
  /** What the surveyed ticket is tagged with. */
  readonly tag: string
}

/** Looks after low scores. */
export interface SurveyReviews {
  due(now: Date, limit: number): Promise<readonly LowScore[]>
  /** In one transaction, once; the tickets that changed. Empty: it was done, or the answer has changed since. */
  settle(review: Review, now: Date): Promise<readonly string[]>
}

export const surveyGroupings = ['all', 'team', 'agent', 'channel', 'topic'] as const
export type SurveyGrouping = (typeof surveyGroupings)[number]

/** What was counted of one group. */
export interface SurveyCount {
  /** The id of the team or agent, the channel or topic; absent: of none, or of all. */
  readonly key?: string
  /** What people call it. */
  readonly name?: string
  readonly asked: number
  /** Answers of 1, 2, 3, 4 and 5. */
  readonly scores: readonly number[]
}

/** Results of one group. Few answers have no interval, and those of one agent no mean. */
export interface SurveyResult extends SurveyCount {
  readonly answered: number
  /** Answered of those asked. */
  readonly responseRate?: Estimate
  readonly mean?: Estimate
  /** Share of 4 and 5. */
  readonly satisfied?: Estimate
}

/** Results of a month. */
export interface SurveyResults {
  readonly month: string
  readonly timeZone: string
  readonly by: SurveyGrouping
  readonly groups: readonly SurveyResult[]
}

/** Which surveys are listed. */
export interface SurveyFilter {
  readonly ticketId?: string
  readonly states?: readonly SurveyState[]
  readonly mostScore?: Score
}

/** Reads surveys. */
export interface SurveyRecords {
  /** The latest first. */
  list(
    filter: SurveyFilter,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly SurveyInvitation[]>
  /** Those asked from `from` until before `to`; of one agent only where one is named. */
  count(query: {
    readonly from: Date
    readonly to: Date
    readonly by: SurveyGrouping
    readonly agentId?: string
  }): Promise<readonly SurveyCount[]>
}
