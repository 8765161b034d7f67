import type { PlacedItem, WordsOf } from '../core/feedback.ts'
import { dot, sumOf } from './vectors.ts'
import { matterOf } from './wish-words.ts'

/** How a theme is called as long as nobody named it. */
export interface ThemeLabel {
  readonly themeId: string
  /** The sentence that is most like all the others. */
  readonly sentence: string
  /** Words that set it apart from the other themes, the most telling first; at most five. */
  readonly words: readonly string[]
}

const mostWords = 5
/** A sentence shorter than this says too little, a longer one is not read in a list. */
const [leastLetters, mostLetters] = [6, 40]

const medoid = (items: readonly PlacedItem[]): string => {
  const [first] = items
  if (first === undefined) return ''
  const sum = sumOf(
    items.map(({ vector }) => vector),
    first.vector.length,
  )
  const rank = ({ text, vector }: PlacedItem): number => {
    const fits = text.length >= leastLetters && text.length <= mostLetters
    return dot(vector, sum) * (fits ? 1 : 0.5)
  }
  return items.reduce((best, item) => (rank(item) > rank(best) ? item : best)).text
}

const isTelling = (word: string): boolean => /[\p{L}\p{N}]{2,}/u.test(word)

/** Each distinct word once a text, so that one that is repeated in a text counts once. */
const countWords = (items: readonly PlacedItem[], wordsOf: WordsOf): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { text } of items)
    for (const word of new Set(wordsOf(matterOf(text)).filter(isTelling)))
      counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Labels all themes; class-based TF-IDF picks the words. `wordsOf` reads texts as they were normalised. */
export const labelThemes = (items: readonly PlacedItem[], wordsOf: WordsOf): readonly ThemeLabel[] => {
  const members = new Map<string, PlacedItem[]>()
  for (const item of items) {
    const known = members.get(item.themeId)
    if (known === undefined) members.set(item.themeId, [item])
    else known.push(item)
  }
  const counted = [...members].map(([themeId, own]) => ({ themeId, own, counts: countWords(own, wordsOf) }))
  const overall = new Map<string, number>()
  let total = 0
  for (const { counts } of counted)
    for (const [word, count] of counts) {
      overall.set(word, (overall.get(word) ?? 0) + count)
      total += count
    }
  const mean = total / Math.max(1, counted.length)
  return counted.map(({ themeId, own, counts }) => {
    const ranked = [...counts].map(([word, count]) => ({
      word,
      rank: (count / own.length) * Math.log(1 + mean / (overall.get(word) ?? 1)),
    }))
    ranked.sort((a, b) => b.rank - a.rank || (a.word < b.word ? -1 : 1))
    return { themeId, sentence: medoid(own), words: ranked.slice(0, mostWords).map(({ word }) => word) }
  })
}
