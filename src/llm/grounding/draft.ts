import { z } from 'zod'

/** What a model is made to answer with: sentences, each with the articles it came from. */
export const draft = z.object({
  answered: z.boolean(),
  sentences: z
    .array(z.object({ text: z.string().max(1_000), sources: z.array(z.string().max(200)).max(8) }))
    .max(12),
})

export type Draft = z.infer<typeof draft>
export type DraftSentence = Draft['sentences'][number]

/** Why a sentence may not be said. */
export type Refusal =
  /** It names no article, or one that it was not given. */
  | 'source'
  | 'length'
  /** Not the contact's language. */
  | 'language'
  /** Marks of formatting, pictures, emoji, characters that nobody sees. */
  | 'markup'
  /** An address that the article does not have. */
  | 'link'
  | 'number'
  /** A name, a code or a word in Latin letters that the article does not have. */
  | 'name'
  /** It commits the brand to what the article does not. */
  | 'promise'
  /** It says no where the article says yes, or the other way. */
  | 'negation'
  /** Its words are not the article's. */
  | 'words'

export interface SentenceVerdict {
  readonly text: string
  readonly sources: readonly string[]
  /** Absent: it may be said. */
  readonly refused?: Refusal
}

/** What the check found of a draft. It is kept as a whole or not at all: half an answer misleads. */
export interface DraftVerdict {
  readonly kept: boolean
  readonly sentences: readonly SentenceVerdict[]
  /** The draft itself is empty or too long. */
  readonly refused?: 'length'
}
