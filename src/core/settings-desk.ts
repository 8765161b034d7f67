import type { RetainedKind } from './personal-data.ts'
import type { PromiseFacts } from './promise.ts'

/** What is owed under one policy, in hours: of the calendar's open time, or around the clock. */
export interface PromiseHours {
  readonly firstReplyHours: number
  readonly nextReplyHours: number
  readonly resolutionHours: number
  readonly calendar?: string
}

/** A policy and the tickets it holds for; an empty list: any. */
export interface PolicyInForce extends PromiseHours {
  readonly name: string
  readonly when: Readonly<Record<'kinds' | 'priorities' | 'channels' | 'tiers', readonly string[]>>
}

/** Who hears of it, and which robots. */
export interface Told {
  readonly tell: readonly string[]
  readonly robots: readonly string[]
}

/** The promises in force. */
export interface PromisesInForce {
  /** In the order in which they are tried; the first that fits holds. */
  readonly policies: readonly PolicyInForce[]
  readonly otherwise: PromiseHours
  readonly peopleCalendar: string
  /** When a quarter of the time is left. */
  readonly warn: Told
  readonly chain: readonly (Told & { readonly afterMinutes: number })[]
  /** Without their addresses, which are secret. */
  readonly robots: readonly { readonly name: string; readonly kind: string }[]
}

/** What a ticket with these facts, opened at that moment, is promised. */
export interface TriedPromise extends PromiseHours {
  /** The policy that holds; `otherwise`: none fits. */
  readonly policy: string
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
}

/** The promises as people look at them. */
export interface PromiseDesk {
  inForce(): PromisesInForce
  tryOn(facts: PromiseFacts, at: Date): TriedPromise
}

/** How long what is kept. */
export interface RetentionInForce {
  /** Days; 0: for as long as nobody erases it. */
  readonly days: Readonly<Record<RetainedKind, number>>
  readonly auditDays: number
  /** Hours that a copy of a contact's data can be taken. */
  readonly exportHours: number
  /** What is shown masked. */
  readonly masked: readonly string[]
  /** When what is too old was last removed, to the end; absent: never yet. */
  readonly lastRunAt?: Date
}

/** How contacts are asked after their tickets. */
export interface SurveysInForce {
  readonly isOn: boolean
  readonly share: number
  readonly everyDays: number
  readonly delayMinutes: number
  readonly answerHours: number
  readonly lowScore: number
  readonly exceptKinds: readonly string[]
  readonly exceptTopics: readonly string[]
  /** Hours of the brand's day in which campaigns write. */
  readonly from: string
  readonly to: string
  readonly question: { readonly zh: string; readonly en: string }
}
