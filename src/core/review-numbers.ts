import type { Estimate } from './estimate.ts'
import type { ReviewSubject } from './review-form.ts'

export const reviewGroupings = [
  'all',
  'month',
  'team',
  'agent',
  'form',
  'criterion',
  'channel',
  'topic',
  'band',
  'article',
] as const
export type ReviewGrouping = (typeof reviewGroupings)[number]

/** Which completed reviews are counted; second reviews of the same work are not. */
export interface ReviewNumbersQuery {
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  readonly by: ReviewGrouping
  readonly subject?: ReviewSubject
  readonly formId?: string
  readonly agentId?: string
  readonly teamId?: string
}

/** What was counted of one group. Totals are percent; for criteria, what was reached of them. */
export interface ReviewCount {
  readonly key?: string
  readonly name?: string
  readonly count: number
  readonly mean: number
  readonly squares: number
  readonly failed: number
  /** Bot answers that were wrong. */
  readonly wrong: number
}

/** Numbers of one group. Few reviews have no interval, and those of one agent no mean. */
export interface ReviewResult {
  readonly key?: string
  readonly name?: string
  readonly reviews: number
  readonly mean?: Estimate
  readonly failed?: Estimate
  readonly wrong?: Estimate
}

export interface ReviewNumbers {
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  readonly by: ReviewGrouping
  readonly groups: readonly ReviewResult[]
}

/** Both answers to one criterion of a work that two people reviewed. */
export interface AnswerPair {
  readonly formId: string
  readonly criterionId: string
  readonly kind: 'scale' | 'yes-no'
  /** 0 to 5; yes-no: 0 or 1. */
  readonly first: number
  readonly second: number
}

/** How far two reviewers agree. */
export interface Agreement {
  readonly formId: string
  readonly criterionId: string
  readonly pairs: number
  /** Share of equal answers. */
  readonly same: number
  /** Cohen's kappa, with quadratic weights on a scale; absent: too few pairs, or all answers are the same. */
  readonly kappa?: number
}
export interface Calibration {
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  /** Completed reviews of works, and how many of these works a second person reviewed too. */
  readonly reviews: number
  readonly doubled: number
  readonly criteria: readonly Agreement[]
}

/** Counts. */
export interface ReviewCounting {
  count(query: ReviewNumbersQuery): Promise<readonly ReviewCount[]>
  /** Answers as the reviewers gave them, whatever became of disputes. */
  pairs(from: Date, to: Date): Promise<readonly AnswerPair[]>
  doubled(from: Date, to: Date): Promise<{ readonly reviews: number; readonly doubled: number }>
}

/** Which numbers are wanted. */
export interface NumbersRequest {
  /** The first and the last month, `2026-11`. */
  readonly from: string
  readonly to: string
  readonly by: ReviewGrouping
  readonly subject?: ReviewSubject
  readonly formId?: string
  readonly agentId?: string
  readonly teamId?: string
}
/** Makes numbers. Throws `bad_input` naming the rule. */
export interface ReviewNumbering {
  numbers(request: NumbersRequest): Promise<ReviewNumbers>
  calibration(from: string, to: string): Promise<Calibration>
  csv(numbers: ReviewNumbers, language: 'zh' | 'en'): string
}
