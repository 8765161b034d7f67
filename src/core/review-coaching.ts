import type { Transaction } from './database.ts'
import type { ReviewPerson } from './review.ts'

/** What a lead says to an agent; nobody else ever reads it. */
export interface CoachingNote {
  readonly id: string
  readonly authorId: string
  readonly authorName?: string
  readonly agentId: string
  readonly agentName?: string
  readonly text: string
  readonly reviewId?: string
  readonly ticketId?: string
  /** When both look at it again. */
  readonly followUpAt?: Date
  /** Since when both are reminded. */
  readonly dueSince?: Date
  readonly followedUpAt?: Date
  readonly acknowledgedAt?: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

export interface CoachingDraft {
  readonly agentId: string
  readonly text: string
  readonly reviewId?: string
  readonly ticketId?: string
  readonly followUpAt?: Date
}

/** What a write sets; null takes away. */
export interface CoachingSet {
  readonly text?: string
  readonly followUpAt?: Date | null
  readonly followedUpAt?: Date
  readonly acknowledgedAt?: Date
}

/** Keeps coaching notes. `setReminder` runs in the transaction of the write: a date sets it, undefined calls it off. */
export interface CoachingStore {
  /** The same key gives the same note. Throws `bad_input` when agent, review or ticket is not there. */
  create(
    draft: CoachingDraft & { readonly authorId: string },
    facts: { readonly now: Date; readonly idempotencyKey?: string | undefined },
    setReminder: SetReminder,
  ): Promise<CoachingNote>
  get(id: string): Promise<CoachingNote>
  /** Those the person wrote or got, the latest first. */
  list(
    personId: string,
    page: {
      readonly after?: string
      readonly limit: number
      readonly agentId?: string
      readonly dueOnly: boolean
    },
  ): Promise<readonly CoachingNote[]>
  /** Throws `not_found`, and `conflict` on a stale version. */
  change(
    id: string,
    set: CoachingSet,
    facts: { readonly now: Date; readonly expectedVersion?: number | undefined },
    setReminder: SetReminder,
  ): Promise<CoachingNote>
  /** The moment has come. */
  remind(transaction: Transaction, id: string, now: Date): Promise<void>
}
export type SetReminder = (transaction: Transaction, noteId: string, at: Date | undefined) => Promise<void>

/** What people do with coaching notes. Throws `not_found` to whoever neither wrote nor got the note. */
export interface CoachingService {
  create(
    draft: CoachingDraft,
    write: { readonly who: ReviewPerson; readonly idempotencyKey?: string | undefined },
  ): Promise<CoachingNote>
  get(id: string, who: ReviewPerson): Promise<CoachingNote>
  list(
    who: ReviewPerson,
    page: {
      readonly after?: string
      readonly limit: number
      readonly agentId?: string
      readonly dueOnly: boolean
    },
  ): Promise<readonly CoachingNote[]>
  /** By its author. */
  change(
    id: string,
    change: {
      readonly text?: string
      readonly followUpAt?: Date | null
      readonly followedUp?: true | undefined
    },
    write: { readonly who: ReviewPerson; readonly expectedVersion?: number | undefined },
  ): Promise<CoachingNote>
  /** By who got it. */
  acknowledge(
    id: string,
    write: { readonly who: ReviewPerson; readonly expectedVersion?: number | undefined },
  ): Promise<CoachingNote>
}
