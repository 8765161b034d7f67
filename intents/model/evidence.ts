import type { QuestionIndex } from '../../src/text/index.ts'
import type { Targets } from './corpus.ts'
import type { Features } from './features.ts'
import type { Matrix } from './linear.ts'
import { scoreAll } from './linear.ts'
import { asFeatures } from './meaning.ts'
import type { MeaningIndex } from './meaning.ts'
import { scoreSparse } from './sparse.ts'
import type { SparseMatrix } from './sparse.ts'
import type { Vector, Vocabulary } from './vocabulary.ts'

/** The learned tables. */
export interface Tables {
  /** Topics by regression. */
  readonly regression: Matrix
  /** Topics by naive Bayes. */
  readonly bayes: Matrix
  /** Articles and intents against their rivals within the topic. */
  readonly rivals: SparseMatrix
  /** Topics by regression on the encoder's vector; without an encoder there is none. */
  readonly head?: Matrix | undefined
}

/** What speaks for what, before it is weighed. */
export interface Evidence {
  /** Scores of topics. */
  readonly regression: Float32Array
  readonly bayes: Float32Array
  /** Scores of targets, comparable among rivals only. */
  readonly rivals: Float32Array
  /** Likeness of the best question of each target: its word-search score over the highest possible one. */
  readonly likeness: Float32Array
  /** That question's position in the index; -1: none. */
  readonly question: Int32Array
  /** Scores of topics by meaning; all zero where the meaning is not known. */
  readonly meaning: Float32Array
  /** Closeness in meaning of the best question of each target, 0 to 1; all zero where the meaning is not known. */
  readonly closeness: Float32Array
  /** That question's position; -1: none. */
  readonly closest: Int32Array
  /** Whether the text's meaning is known: an encoder gave its vector. */
  readonly understood: boolean
  /** Share of the text's words that are unknown, each by its rarity. */
  readonly unknown: number
  /** Number of distinct words. */
  readonly words: number
}

export interface Sources {
  readonly tables: Tables
  readonly targets: Targets
  readonly index: QuestionIndex
  /** The same questions by meaning; without an encoder there is none. */
  readonly meanings?: MeaningIndex | undefined
}

/** Takes a text's words as known or not; positions are those of the vocabulary. */
export type WordRarity = (word: string) => { readonly known: boolean; readonly rarity: number }

/** Knows words by the vocabulary. */
export const createWordRarity = ({ names, weights, rarest }: Vocabulary): WordRarity => {
  const positions = new Map(
    names.flatMap((name, at) => (name.startsWith('w') ? [[name.slice(1), at] as const] : [])),
  )
  return (word) => {
    const at = positions.get(word)
    return at === undefined
      ? { known: false, rarity: rarest }
      : { known: true, rarity: weights[at] ?? rarest }
  }
}

const unknownShare = (words: readonly string[], rarityOf: WordRarity): number => {
  let strange = 0
  let total = 0
  for (const word of words) {
    const { known, rarity } = rarityOf(word)
    total += rarity
    if (!known) strange += rarity
  }
  return total === 0 ? 0 : strange / total
}

export interface Observed {
  readonly features: Features
  readonly vector: Vector
  /** The encoder's vector of the text. */
  readonly meaning?: Float32Array | undefined
  /** Questions that must not be found: they are being held out. */
  readonly skip?: (question: number) => boolean
}

/** Gathers the evidence for one text. */
export const gatherEvidence = (
  { tables, targets, index, meanings }: Sources,
  { features, vector, meaning, skip }: Observed,
  rarityOf: WordRarity,
): Evidence => {
  const regression = new Float32Array(targets.topics.length)
  const bayes = new Float32Array(targets.topics.length)
  const rivals = new Float32Array(targets.names.length)
  scoreAll(tables.regression, vector, regression)
  scoreAll(tables.bayes, vector, bayes)
  scoreSparse(tables.rivals, vector, rivals)
  const likeness = new Float32Array(targets.names.length)
  const question = new Int32Array(targets.names.length).fill(-1)
  const ceiling = Math.max(index.ceiling(features.terms), 1e-6)
  for (const hit of index.search(features.terms, skip)) {
    likeness[hit.entry] = hit.score / ceiling
    question[hit.entry] = hit.question
  }
  const unknown = unknownShare(features.words, rarityOf)
  return {
    regression,
    bayes,
    rivals,
    likeness,
    question,
    ...compareMeanings({ tables, targets, meanings }, meaning, skip),
    unknown,
    words: features.words.length,
  }
}

/** What the meaning alone says. */
const compareMeanings = (
  { tables, targets, meanings }: Pick<Sources, 'tables' | 'targets' | 'meanings'>,
  vector: Float32Array | undefined,
  skip: Observed['skip'],
): Pick<Evidence, 'meaning' | 'closeness' | 'closest' | 'understood'> => {
  const meaning = new Float32Array(targets.topics.length)
  if (vector === undefined || meanings === undefined || tables.head === undefined) {
    const closest = new Int32Array(targets.names.length).fill(-1)
    return { meaning, closeness: new Float32Array(targets.names.length), closest, understood: false }
  }
  scoreAll(tables.head, asFeatures(vector), meaning)
  const { closeness, question: closest } = meanings.search(vector, skip)
  return { meaning, closeness, closest, understood: true }
}

/** The same evidence as it would be without an encoder. */
export const byWords = (evidence: Evidence): Evidence => ({
  ...evidence,
  meaning: new Float32Array(evidence.meaning.length),
  closeness: new Float32Array(evidence.closeness.length),
  understood: false,
})

const mix = (first: Float32Array, second: Float32Array, share: number): Float32Array =>
  first.map((value, at) => value + share * (second[at] ?? 0))

/** Reads a short text in the light of the one before it: that one's scores are added by `share`. */
export const inLightOf = (own: Evidence, before: Evidence, share: number): Evidence => ({
  ...own,
  regression: mix(own.regression, before.regression, share),
  bayes: mix(own.bayes, before.bayes, share),
  rivals: mix(own.rivals, before.rivals, share),
  likeness: own.likeness.map((value, at) => Math.max(value, share * (before.likeness[at] ?? 0))),
  meaning: mix(own.meaning, before.meaning, share),
  closeness: own.closeness.map((value, at) => (value + share * (before.closeness[at] ?? 0)) / (1 + share)),
  understood: own.understood && before.understood,
})
