/** One wish of one contact, as it takes part in the themes. */
export interface FeedbackItem {
  readonly id: string
  /** The sentence that holds the wish. */
  readonly text: string
  /** Unit vector of its meaning, in the space that the themes were made in. */
  readonly vector: Float32Array
}

/** Where an item is. */
export interface PlacedItem extends FeedbackItem {
  readonly themeId: string
  /** A person put it there, and the machine leaves it there. */
  readonly isFixed: boolean
}

/** A theme: wishes that mean the same. Its id outlives every refinement that leaves most of it together. */
export interface Theme {
  readonly id: string
  readonly count: number
  /** Sum of the items' vectors: with the count all that placing further items needs. */
  readonly sum: Float32Array
  /** A person named, pinned, merged, split or filled it: it never ends and never merges unless a person says so. */
  readonly isHeld: boolean
  /** The name that a person gave. */
  readonly name?: string
}

/** Everything that a store keeps of the themes, a row each. */
export interface Board {
  readonly themes: readonly Theme[]
  readonly items: readonly PlacedItem[]
}

/** Rows to write, and themes that are no more. */
export interface BoardChange extends Board {
  readonly ended: readonly string[]
}

/** The words of a text, in order. */
export type WordsOf = (text: string) => readonly string[]

/** Texts → vectors of a fixed length; the same text always gets the same vector. */
export type VectorsOf = (texts: readonly string[]) => Promise<readonly Float32Array[]>

/** A sentence that wishes for something. */
export interface RecognisedSuggestion {
  /** As it was written; telephone numbers, addresses and long numbers are masked. */
  readonly sentence: string
  /** What says that it is one. */
  readonly cues: readonly string[]
  /** False: a question might be meant; it counts where nothing answered the message. */
  readonly isSure: boolean
}

/** Reads messages of contacts. */
export interface RecogniseSuggestions {
  /** In order; at most five. */
  suggestionsIn(text: string): readonly RecognisedSuggestion[]
  /** Whether the whole message says that the contact wants to hear no more of suggestions. */
  saysStop(text: string): boolean
}
