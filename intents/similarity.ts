import { createConceptFinder } from './concepts.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import { createExtractor } from './model/features.ts'
import { termWeight } from './model/prepare.ts'

/**
 * How alike two texts are by their words, character pairs and concepts: cosine from 0 to 1. Knows no texts beside the
 * two, so it cannot tell rare words from common ones.
 */
export const createWordSimilarity = (lexicons: Lexicons): ((first: string, second: string) => number) => {
  const tools = createTextTools(lexicons)
  const extract = createExtractor(tools, createConceptFinder(lexicons.concepts, tools.normalise))
  const termsOf = (text: string): ReadonlySet<string> => new Set(extract(tools.normalise(text)).terms)
  const squares = (terms: Iterable<string>): number => {
    let sum = 0
    for (const term of terms) sum += termWeight(term) ** 2
    return sum
  }
  return (first, second) => {
    const [own, other] = [termsOf(first), termsOf(second)]
    const length = Math.sqrt(squares(own) * squares(other))
    return length === 0 ? 0 : squares([...own].filter((term) => other.has(term))) / length
  }
}
