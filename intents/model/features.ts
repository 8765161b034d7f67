import { characterGrams, termsOf } from '../../src/text/index.ts'
import type { Normalised } from '../../src/text/index.ts'
import type { FindConcepts } from '../concepts.ts'
import type { TextTools } from '../lexicon.ts'

/** What the model sees of one text. */
export interface Features {
  /** Words, characters, character pairs and concepts, each marked with its kind. */
  readonly names: readonly string[]
  /** Terms for word search. */
  readonly terms: readonly string[]
  /** Distinct words, for coverage. */
  readonly words: readonly string[]
  /** Letters and digits only: the same for the same question. Empty when there are none. */
  readonly key: string
}

export type ExtractFeatures = (read: Normalised) => Features

/** Concepts speak for many words at once, so they weigh more than a single one. */
const conceptWeight = 1.6

/** Weight of a feature by its kind. */
export const featureWeight = (name: string): number => (name.startsWith('@') ? conceptWeight : 1)

/** Builds the extractor. Text and slang hints are read alike; `w` word, `c` characters, `@` concept. */
export const createExtractor = ({ tokeniser }: TextTools, findConcepts: FindConcepts): ExtractFeatures => {
  return ({ text, hints }) => {
    const whole = [text, ...hints].join('\n')
    const words = tokeniser.words(whole)
    const pairs = characterGrams(whole, 2)
    const concepts = findConcepts(whole).map((concept) => `@${concept}`)
    return {
      names: [
        ...words.map((word) => `w${word}`),
        ...characterGrams(whole, 1).map((gram) => `c${gram}`),
        ...pairs.map((gram) => `c${gram}`),
        ...concepts,
      ],
      terms: [...termsOf(words, pairs), ...concepts],
      words: [...new Set(words)],
      key: text.replace(/[^\p{L}\p{N}]/gu, ''),
    }
  }
}
