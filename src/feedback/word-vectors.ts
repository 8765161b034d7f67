import type { WordsOf } from '../core/feedback.ts'
import { addTo, dot, toUnit } from './vectors.ts'

export const wordDimensions = 1_024
/** How much of a term is the company it keeps, beside the term itself. */
const company = 0.3
/** Places that a term, and a group, leave a mark in: several, so that two that share one are told apart. */
const termMarks = 2
const groupMarks = 8
const weights = { word: 1, pair: 0.6, character: 0.3 }
/** A term that is everywhere still says a little. */
const leastTelling = 0.02

type Term = readonly [term: string, weight: number]

const runs = (text: string, length: number): readonly string[] =>
  (text.replace(/\d+/g, '0').match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((stretch) => {
    const characters = stretch.match(/[a-z]+|./gu) ?? []
    return characters.slice(length - 1).map((_, at) => characters.slice(at, at + length).join(''))
  })

const termsOf = (text: string, wordsOf: WordsOf): readonly Term[] => {
  const terms = new Map<string, number>()
  for (const word of wordsOf(text)) terms.set(`w${word}`, weights.word)
  for (const pair of runs(text, 2)) terms.set(`p${pair}`, weights.pair)
  for (const character of runs(text, 1)) terms.set(`c${character}`, weights.character)
  return [...terms]
}

/** FNV-1a, mixed at the end. */
const hash = (text: string): number => {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  return (state ^ (state >>> 13)) >>> 0
}

const mark = (into: Float32Array, name: string, marks: number, factor: number): void => {
  for (let one = 0; one < marks; one++) {
    const value = hash(`${String(one)}${name}`)
    const place = value % into.length
    into[place] = (into[place] ?? 0) + (((value >>> 20) & 1) === 0 ? factor : -factor) / Math.sqrt(marks)
  }
}

/** In how many groups a term occurs how often. */
type Spread = ReadonlyMap<string, ReadonlyMap<number, number>>

const spreadOf = (groups: readonly (readonly string[])[], wordsOf: WordsOf): Spread => {
  const spread = new Map<string, Map<number, number>>()
  for (const [at, texts] of groups.entries())
    for (const text of texts)
      for (const [term] of termsOf(text, wordsOf)) {
        const counts = spread.get(term) ?? new Map<number, number>()
        counts.set(at, (counts.get(at) ?? 0) + 1)
        spread.set(term, counts)
      }
  return spread
}

/** How much a term tells groups apart: 1 when it stands in one, near 0 when it is everywhere alike. */
const telling = (counts: ReadonlyMap<number, number>, total: number, groups: number): number => {
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total)
  return Math.max(leastTelling, 1 - entropy / Math.log(Math.max(2, groups)))
}

/**
 * Vectors of texts by their words and characters alone, for when there is no encoder. What a term weighs, and which terms
 * keep the same company, is learned from groups of texts that mean the same, such as the wordings of each article.
 * The same groups give the same vectors; keep them while themes are kept.
 */
export const createWordVectors = (
  groups: readonly (readonly string[])[],
  wordsOf: WordsOf,
): ((text: string) => Float32Array) => {
  const spread = spreadOf(groups, wordsOf)
  const texts = groups.reduce((sum, group) => sum + group.length, 0)
  const vectors = new Map<string, Float32Array>()
  const learn = (term: string): Float32Array => {
    const own = new Float32Array(wordDimensions)
    mark(own, term, termMarks, Math.sqrt(1 - company))
    const counts = spread.get(term)
    let total = 0
    if (counts !== undefined) {
      const shared = new Float32Array(wordDimensions)
      for (const [group, count] of counts) {
        total += count
        mark(shared, `group ${String(group)}`, groupMarks, Math.log(1 + count))
      }
      addTo(own, toUnit(shared), Math.sqrt(company))
    }
    const rarity = Math.log(1 + (texts + 1) / (total + 1))
    const weight = rarity * (counts === undefined ? 1 : telling(counts, total, groups.length))
    return own.map((value) => value * weight)
  }
  return (text) => {
    const vector = new Float32Array(wordDimensions)
    for (const [term, weight] of termsOf(text, wordsOf)) {
      // Terms of the groups recur; others are met once and would only fill the memory.
      const known = vectors.get(term) ?? learn(term)
      if (spread.has(term)) vectors.set(term, known)
      addTo(vector, known, weight)
    }
    return dot(vector, vector) === 0 ? vector : toUnit(vector)
  }
}
