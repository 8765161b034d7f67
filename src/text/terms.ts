import type { Normalise } from './normalise.ts'
import { characterGrams } from './tokenise.ts'
import type { Tokeniser } from './tokenise.ts'

/** How much character pairs count in search beside whole words. */
const pairWeight = 0.5

/** Terms for word search: words as they are, character pairs as `·人工`. */
export const termsOf = (words: readonly string[], pairs: readonly string[]): readonly string[] => [
  ...words,
  ...pairs.map((pair) => `·${pair}`),
]

/** Terms of a text. */
export const searchTerms = (text: string, tokeniser: Tokeniser): readonly string[] =>
  termsOf(tokeniser.words(text), characterGrams(text, 2))

/** Weight of a term from `searchTerms`. */
export const searchWeight = (term: string): number => (term.startsWith('·') ? pairWeight : 1)

/** Text as it is searched: normalised, with the meaning of its slang behind it. */
export const searchText = (text: string, normalise: Normalise): string => {
  const read = normalise(text)
  return [read.text, ...read.hints].join('\n')
}
