import type { KeptList } from './automation.ts'
import type { TicketKind } from './conversation.ts'
import type { ChannelName } from './message.ts'
import type { Grade } from './queue.ts'
import type { ReviewSubject } from './review-form.ts'

/** Which work is drawn from. An empty list, and what is absent: any. */
export interface SamplingCondition {
  readonly teamIds?: readonly string[] | undefined
  readonly agentIds?: readonly string[] | undefined
  readonly channels?: readonly ChannelName[] | undefined
  readonly topics?: readonly string[] | undefined
  /** Kinds of tickets. */
  readonly kinds?: readonly TicketKind[] | undefined
  /** Of the agent, in the ticket's team. */
  readonly grades?: readonly Grade[] | undefined
  /** The contact's score was this or lower. */
  readonly mostScore?: number | undefined
  /** It was taken up again after it was solved. */
  readonly reopened?: boolean | undefined
  /** A promised time was not kept. */
  readonly promiseBroken?: boolean | undefined
  /** How sure the bot was, from and below. */
  readonly confidence?:
    { readonly from?: number | undefined; readonly below?: number | undefined } | undefined
  /** The contact turned the bot's answer down with the next message. */
  readonly turnedDown?: boolean | undefined
}

/** How much is drawn: a share of each day's work, or so many a week of each agent's (of the bot's, in all). */
export type SamplingAmount = { readonly share: number } | { readonly perWeek: number }

/** What is reviewed by rule. */
export interface SamplingFacts {
  readonly name: string
  readonly subject: ReviewSubject
  readonly when: SamplingCondition
  readonly amount: SamplingAmount
  readonly formId: string
  /** Who reviews; both absent or empty: whoever may. */
  readonly reviewers: {
    readonly teamId?: string | undefined
    readonly agentIds?: readonly string[] | undefined
  }
  readonly dueDays: number
  /** How long after the end of a day or week is drawn, so that scores and complaints are in. */
  readonly waitDays: number
  /** Share of what is drawn that two people review. */
  readonly doubleShare: number
  readonly enabled: boolean
}
export interface SamplingRule extends SamplingFacts {
  readonly id: string
  /** When it was switched on last: work from the day or week of then on is drawn from. */
  readonly since: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}
export type SamplingRules = KeptList<SamplingFacts, SamplingRule>
/** The rules as they are kept. */
export type SamplingRuleList = KeptList<SamplingFacts & Pick<SamplingRule, 'since'>, SamplingRule>

/** A stretch of time that is drawn from once. */
export interface SamplingPeriod {
  readonly from: Date
  readonly to: Date
}

/** What was drawn, and the seed by which anybody can draw it again. */
export interface SamplingDraw extends SamplingPeriod {
  readonly ruleId: string
  readonly seed: string
  readonly at: Date
  /** Works that fitted. */
  readonly found: number
  readonly drawn: number
}

/** Draws. */
export interface SamplingStore {
  /** Where the rule's draws go on: the end of the last period that was drawn. */
  drawnUntil(ruleId: string): Promise<Date | undefined>
  /** Draws from a period, once, in one transaction; undefined: it was drawn before, or the rule has changed. */
  draw(
    rule: SamplingRule,
    period: SamplingPeriod,
    facts: { readonly seed: string; readonly dueAt: Date },
    now: Date,
  ): Promise<SamplingDraw | undefined>
  /** The latest first. */
  draws(ruleId: string, limit: number): Promise<readonly SamplingDraw[]>
}
