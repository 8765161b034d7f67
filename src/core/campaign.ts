import type { OutboundDraft } from './conversation.ts'
import type { ChannelName } from './message.ts'
import type { FeedbackActor, PublicLanguage } from './suggestions.ts'
import type { SurveyQuestion } from './survey-answer.ts'
import type { Estimate } from './estimate.ts'
import type { SurveyPlace, SurveyState } from './survey.ts'

export const campaignStates = ['draft', 'running', 'paused', 'ended'] as const
export type CampaignState = (typeof campaignStates)[number]

/** Who may be invited: whom everything that is given holds for. */
export interface CampaignAudience {
  readonly channels?: readonly string[] | undefined
  /** Of tickets that were solved from `solvedFrom` until before `solvedTo`. */
  readonly topics?: readonly string[] | undefined
  readonly solvedFrom?: string | undefined
  readonly solvedTo?: string | undefined
  readonly tiers?: readonly string[] | undefined
  readonly contactIds?: readonly string[] | undefined
}

/** What a campaign is. */
export interface CampaignFacts {
  readonly title: string
  readonly question: SurveyQuestion
  readonly audience: CampaignAudience
  readonly startsAt: Date
  readonly endsAt: Date
  /** Share of the audience that is asked, chosen by chance. */
  readonly share: number
  /** Most invitations on one day of the brand. */
  readonly mostADay: number
}

/** A question to contacts who agreed to be asked. */
export interface Campaign extends CampaignFacts {
  readonly id: string
  readonly state: CampaignState
  readonly createdAt: Date
  readonly version: number
}

export const campaignChanges = ['created', 'changed', 'started', 'paused', 'ended'] as const
export type CampaignChange = (typeof campaignChanges)[number]
export type CampaignMove = Exclude<CampaignChange, 'created' | 'changed'>

/** Where a move leads, and from where. */
export const campaignMoves: Readonly<
  Record<CampaignMove, { readonly from: readonly CampaignState[]; readonly to: CampaignState }>
> = {
  started: { from: ['draft', 'paused'], to: 'running' },
  paused: { from: ['running'], to: 'paused' },
  ended: { from: ['draft', 'running', 'paused'], to: 'ended' },
}

/** A line of a campaign's history. */
export interface CampaignEntry {
  readonly at: Date
  readonly actor: FeedbackActor
  readonly change: CampaignChange
  readonly reason?: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** A write, protected against stale screens and repeats. */
export interface CampaignWrite {
  readonly actor: FeedbackActor
  readonly reason?: string | undefined
  readonly version?: number | undefined
  readonly idempotencyKey?: string | undefined
}

/** Keeps campaigns. Writes throw `not_found`, and `conflict` for what was changed meanwhile or cannot be done now. */
export interface CampaignStore {
  /** The latest first. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly Campaign[]>
  get(id: string): Promise<Campaign>
  create(facts: CampaignFacts, write: CampaignWrite, now: Date): Promise<Campaign>
  /** The question can be changed while it is a draft. */
  change(id: string, facts: Partial<CampaignFacts>, write: CampaignWrite, now: Date): Promise<Campaign>
  move(id: string, move: CampaignMove, write: CampaignWrite, now: Date): Promise<Campaign>
  /** The oldest line first. */
  history(id: string): Promise<readonly CampaignEntry[]>
}

/** Why a contact of the audience is not invited. */
export const campaignReasons = [
  'no-consent',
  'said-stop',
  'asked-before',
  'not-sampled',
  'asked-lately',
  'survey-open',
  'ticket-open',
  'in-conversation',
  'person-leads',
  'window-closed',
  'quota-used',
  'passive-only',
  'inbox-gone',
] as const
export type CampaignReason = (typeof campaignReasons)[number]

/** Everything that decides whether a contact is invited now. */
export interface CampaignMoment {
  readonly place: SurveyPlace
  readonly contactId: string
  readonly language: PublicLanguage
  readonly consents: boolean
  readonly refused: boolean
  /** By this campaign. */
  readonly askedBefore: boolean
  readonly otherOpen: boolean
  /** Something is owed to the contact. */
  readonly ticketOpen: boolean
  /** The contact waits for an answer there, or fills in a form. */
  readonly busy: boolean
  readonly lastAskedAt?: Date
}

/** Who is worth a closer look, as far as the database can tell by itself and at once. */
export interface CampaignLook {
  readonly now: Date
  readonly dayStart: Date
  /** Who was asked after this moment is left in peace. */
  readonly askedUntil: Date
  /** Who wrote after this moment is still in conversation. */
  readonly wroteUntil: Date
  /** What can be written to, and where a window is kept, for whom who wrote after `wroteAfter`. */
  readonly inboxes: readonly { readonly inboxId: string; readonly wroteAfter?: Date }[]
  /** Messages of an allowance that are left alone. */
  readonly keptFree: number
  readonly limit: number
}

/** What is said to a contact who is invited. */
export interface CampaignSaying {
  readonly draft: OutboundDraft
  readonly expiresAt: Date
}

/** Whom a campaign invites. */
export interface CampaignBook {
  /** Those that run and have begun, and paused ones whose time is over. */
  running(now: Date): Promise<readonly Campaign[]>
  /** How many contacts the audience has, whether they agreed or not. */
  size(campaignId: string): Promise<number>
  /** Conversations of the audience's contacts who agreed, in the order of their ids. */
  audience(
    campaignId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly CampaignMoment[]>
  /**
   * Conversations in which contacts can probably be invited, in an order drawn by lot that stays; none once the day's most
   * is reached. One statement, whatever the size of the audience.
   */
  candidates(campaignId: string, look: CampaignLook): Promise<readonly string[]>
  /**
   * Invites the contact of a conversation, in one transaction and once, unless the campaign is over, or has invited
   * `mostADay` since `dayStart`, or `decide` says nothing.
   */
  invite(
    ids: { readonly campaignId: string; readonly conversationId: string },
    dayStart: Date,
    decide: (moment: CampaignMoment, invitationId: string) => CampaignSaying | undefined,
    now: Date,
  ): Promise<'invited' | 'left' | 'full'>
  /**
   * Lets invitations go that the outbox held back, but for those of paused campaigns: to the contact, or nowhere when
   * their campaign is over. Gives their conversations.
   */
  release(): Promise<readonly string[]>
}

/** One contact who was invited. */
export interface CampaignInvitation {
  readonly id: string
  readonly contactId: string
  readonly conversationId: string
  readonly channel: ChannelName
  readonly state: SurveyState
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly answeredAt?: Date
  readonly score?: number
  readonly comment?: string
}

/** What was counted of a campaign. */
export interface CampaignCount {
  readonly asked: number
  readonly refused: number
  /** Of those asked: the question did not get through. */
  readonly undelivered: number
  /** How often each answer was given. */
  readonly answers: ReadonlyMap<number, number>
}

export interface CampaignRecords {
  /** The latest first. */
  invitations(
    campaignId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly CampaignInvitation[]>
  count(campaignId: string): Promise<CampaignCount>
}

/** One answer and how many gave it. */
export interface CampaignAnswer {
  /** A score, or the number of the option. */
  readonly value: number
  readonly label?: string
  readonly count: number
  /** Of those who answered. */
  readonly share?: Estimate
}

/** Results of a campaign. Few answers have no interval. */
export interface CampaignResults {
  readonly asked: number
  readonly answered: number
  readonly refused: number
  readonly undelivered: number
  /** Answered of those whom the question got through to. */
  readonly responseRate?: Estimate
  readonly answers: readonly CampaignAnswer[]
  /** Of csat. */
  readonly mean?: Estimate
  /** Of csat: share of 4 and 5. */
  readonly satisfied?: Estimate
  /** Of nps: percentage points of 9 and 10 above 0 to 6. */
  readonly nps?: Estimate & { readonly standardError?: number }
}

/** Who would be invited. */
export interface CampaignPreview {
  readonly audience: number
  readonly consenting: number
  readonly reachable: number
  /** Why the others are not, each contact once. */
  readonly reasons: Readonly<Partial<Record<CampaignReason, number>>>
  /** Nobody is written to at this hour. */
  readonly quiet: boolean
}

/** That a contact agreed to be asked. */
export interface SurveyConsent {
  readonly id: string
  readonly at: Date
  readonly way: 'conversation' | 'elsewhere'
  readonly conversationId: string
  /** What shows it, where it was given elsewhere. */
  readonly proof?: string
  readonly by?: FeedbackActor
  readonly withdrawnAt?: Date
  /** Absent: the contact. */
  readonly withdrawnBy?: FeedbackActor
  readonly withdrawal?: string
}

/** Who agreed to be asked. */
export interface ConsentStore {
  /** The latest first. Throws `not_found`. */
  of(contactId: string): Promise<readonly SurveyConsent[]>
  /** Throws `not_found`, and `conflict` where the contact said stop or never wrote. */
  give(
    contactId: string,
    consent: { readonly proof: string; readonly givenAt: Date; readonly actor: FeedbackActor },
  ): Promise<void>
  /** Nothing happens where there is none. Throws `not_found`. */
  withdraw(
    contactId: string,
    why: { readonly reason: string; readonly actor: FeedbackActor },
    now: Date,
  ): Promise<void>
}
