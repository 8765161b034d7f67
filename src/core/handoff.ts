import type { HandoffSummary } from './assist.ts'
import type { PersonalKind } from './masking.ts'
import type { Transaction } from './database.ts'

/** A conversation that was handed over to a person. */
export interface Handover {
  readonly ticketId: string
  /** The message at which it was. */
  readonly seq: number
}

/** What a language model wrote at a handover. */
export interface MadeHandoff {
  readonly summary: HandoffSummary
  readonly model: string
  readonly language: 'zh' | 'en'
  /** The newest message that it knows. */
  readonly reachesSeq: number
  /** What was masked in what the model was given. */
  readonly masked: readonly PersonalKind[]
}

/** What is kept of a ticket's latest handover. */
export interface KeptHandoff {
  readonly handover: Handover
  readonly conversationId: string
  /** `none`: nothing came of it. */
  readonly state: 'planned' | 'made' | 'none'
  readonly plannedAt: Date
  /** Of this handover, or of one before while nothing came of this one. */
  readonly made?: MadeHandoff & { readonly madeAt: Date }
}

/** Summaries that are made when conversations are handed over, on one database. */
export interface HandoffStore {
  /** Plans a summary for each handover since `since` that has none; `enqueue` is part of the same transaction. */
  plan(
    times: { readonly since: Date; readonly now: Date },
    enqueue: (transaction: Transaction, handover: Handover) => Promise<void>,
  ): Promise<number>
  find(ticketId: string): Promise<KeptHandoff | undefined>
  /** Undefined: nothing came of it. Has no effect once it was handed over again, or is settled. */
  settle(handover: Handover, made: MadeHandoff | undefined, now: Date): Promise<void>
}
