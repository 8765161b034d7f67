import type { FeedbackActor } from './suggestions.ts'

/** How messages fared. Shares between 0 and 1. */
export interface AnswerShares {
  /** Of all, those that an article answers. */
  readonly answered: number
  /** Of those answered, the ones answered wrongly. */
  readonly wrong: number
  /** Of all, those to which is asked back. */
  readonly clarified: number
  /** Of those that an article should answer, the ones answered. */
  readonly coverage: number
}

/** What happens to one message: the article that answers, `clarify` or `none`. */
export type Reaction =
  { readonly kind: 'answer'; readonly articleId: string } | { readonly kind: 'clarify' | 'none' }

/** A message that is answered differently. Texts of contacts are masked. */
export interface ChangedReaction {
  /** Of what a contact wrote: the message, with which it goes. */
  readonly messageId?: string
  readonly text: string
  readonly before: Reaction
  readonly after: Reaction
  /** For labelled messages, whether the reaction was and is right. */
  readonly right?: { readonly before: boolean; readonly after: boolean }
}

/** How many messages are reacted to in which way. */
export type ReactionCounts = Readonly<Record<Reaction['kind'], number>>

/** What contacts wrote lately, put to the knowledge as it is and as it would be. */
export interface Replay {
  readonly since: string
  /** The messages are drawn from so many; the same seed draws the same. */
  readonly of: number
  readonly seed: string
  readonly before: ReactionCounts
  readonly after: ReactionCounts
  /** Answered only with the drafts. */
  readonly gained: number
  /** Not answered any more. */
  readonly lost: number
  /** Of those lost, the ones with whose answer nobody found fault. */
  readonly lostUnquestioned: number
  /** Answered by another article. */
  readonly other: number
}

/** A message of a contact that is put to the knowledge again. */
export interface ReplayedMessage {
  readonly messageId: string
  readonly text: string
  /** The contact, or a reviewer, found fault with what it was answered. */
  readonly isQuestioned: boolean
}

export interface EvaluationSummary {
  /** The labelled messages of the brand; absent: there are none. */
  readonly labelled?: {
    readonly rows: number
    readonly before: AnswerShares
    readonly after: AnswerShares
    readonly changed: number
  }
  /** What contacts wrote lately. */
  readonly conversations: {
    readonly messages: number
    readonly changed: number
    /** Absent: it was measured by an earlier release. */
    readonly replay?: Replay
  }
  /** Why it may not be published without a reason; empty: nothing speaks against it. */
  readonly concerns: readonly string[]
}

export interface EvaluationResult extends EvaluationSummary {
  readonly labelledChanges: readonly ChangedReaction[]
  readonly conversationChanges: readonly ChangedReaction[]
  /** Questions somebody tried: what answers live, and what with the drafts. */
  readonly tried: readonly {
    readonly question: string
    readonly before: Reaction
    readonly after: Reaction
  }[]
}

/** Drafts measured against what is live. */
export interface Evaluation {
  readonly id: string
  readonly state: 'waiting' | 'done' | 'failed'
  readonly draftIds: readonly string[]
  /** Stands for exactly these contents on exactly this version. */
  readonly fingerprint: string
  readonly questions: readonly string[]
  /** Whether the labelled messages and conversations are looked at, or the questions alone. */
  readonly whole: boolean
  readonly by: FeedbackActor
  readonly createdAt: Date
  readonly doneAt?: Date
  readonly result?: EvaluationResult
  /** Why it failed. */
  readonly failure?: string
}

/** The evaluations of one database. */
export interface EvaluationStore {
  create(
    facts: Pick<Evaluation, 'draftIds' | 'fingerprint' | 'questions' | 'whole' | 'by'>,
    now: Date,
    idempotencyKey?: string,
  ): Promise<Evaluation>
  /** Throws `not_found`. */
  get(id: string): Promise<Evaluation>
  finish(
    id: string,
    end: { readonly result: EvaluationResult } | { readonly failure: string },
    now: Date,
  ): Promise<void>
  /** The latest whole one with this fingerprint that is done. */
  findDone(fingerprint: string): Promise<Evaluation | undefined>
  /** Draws from what contacts wrote since then and the bot decided on; the same seed draws the same. */
  sample(draw: {
    readonly since: Date
    readonly limit: number
    readonly seed: string
  }): Promise<{ readonly of: number; readonly messages: readonly ReplayedMessage[] }>
}
