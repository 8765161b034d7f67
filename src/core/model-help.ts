import type { Reason } from './reason.ts'
import type { Classification, UnderstandingContext } from './understanding.ts'

/** An article as it would be given here and now: in the contact's language, as the channel's answer. */
export interface Passage {
  readonly articleId: string
  /** It is no article but what one of the brand's systems answered: `articleId` is `tool:NAME`, `question` the tool's title. */
  readonly isTool?: true
  readonly question: string
  readonly text: string
}

/** What the rules are not sure of, so that a language model may be asked before they ask back. */
export interface Doubt {
  readonly conversationId: string
  /** The rule that speaks when nobody helps, e.g. `clarify`. */
  readonly rule: string
  /** The contact's words of this turn. */
  readonly text: string
  /** What was said before them. */
  readonly context: UnderstandingContext
  readonly language: 'zh' | 'en'
  readonly understood: Classification
  /** Probabilities from which an article is given, asked about, and a message is none of the brand's business. */
  readonly thresholds: { readonly answer: number; readonly clarify: number; readonly outOfScope: number }
  /** Articles that may be meant and that no person has to handle, best first; may be empty. */
  readonly passages: readonly Passage[]
}

/** An answer that was written from articles and held against them. */
export interface GroundedAnswer {
  readonly text: string
  /** The passages it came from, the one it leans on most first. */
  readonly articleIds: readonly [string, ...string[]]
  /** Said below it: that a machine wrote it, and from what. Absent: nothing is said. */
  readonly notice?: string
  /** The model that wrote it, as configured. */
  readonly model: string
}

/** What came of asking: something that can be used, or why not. */
export type Helped<Found> = { readonly found: Found } | { readonly reason: Reason }

/** What a language model does for a contact's turn. Neither rejects; both end within `ms` milliseconds. */
export interface ModelHelp {
  /** The words understood once more, from questions that stand by themselves; undefined: other words would not help. Absent: this is switched off. */
  readonly reword?: (doubt: Doubt, ms: number) => Promise<Helped<Classification> | undefined>
  /** An answer from the doubt's passages. Absent: this is switched off. */
  readonly answer?: (
    doubt: Doubt,
    ms: number,
    /** Shows the contact what is being written; each time all that may be seen of it, empty: nothing any more. */
    show?: (text: string) => void,
  ) => Promise<Helped<GroundedAnswer>>
}

/** What a decision knows of the help that was asked for. */
export interface HelpSoFar {
  readonly answer?: GroundedAnswer
  /** What one of the brand's systems answered, for the answer to be made from. */
  readonly lookedUp?: Passage
  /** What was looked up, and why what was asked for is not there. */
  readonly reasons: readonly Reason[]
}
