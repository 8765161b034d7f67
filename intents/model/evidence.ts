import type { QuestionIndex } from '../../src/text/index.ts'
import type { Targets } from './corpus.ts'
import type { Features } from './features.ts'
import type { Matrix } from './linear.ts'
import { scoreAll } from './linear.ts'
import type { MeaningIndex } from './meaning.ts'
import { scoreJoint, scoreSparse } from './sparse.ts'
import type { ScoreOf, SparseMatrix } from './sparse.ts'
import type { Vector, Vocabulary } from './vocabulary.ts'

/** The learned tables. */
export interface Tables {
  /** Topics by regression. */
  readonly regression: Matrix
  /** Topics by naive Bayes. */
  readonly bayes: Matrix
  /** Articles and intents against their rivals within the topic. */
  readonly rivals: SparseMatrix
  /** The same by words and the encoder's vector together; without an encoder there is none. */
  readonly near?: SparseMatrix | undefined
  /** Topics by regression on words and the encoder's vector together; without an encoder there is none. */
  readonly head?: Matrix | undefined
  /** Logarithm of each topic's share of what was written; all zero where that says nothing of what is asked. */
  readonly shares: Float32Array
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
  /** The same score over the highest that the question's own terms could have. */
  readonly cover: Float32Array
  /** Scores of topics by words and meaning; all zero where the meaning is not known. */
  readonly meaning: Float32Array
  /** Closeness in meaning of the best question of each target, 0 to 1; all zero where the meaning is not known. */
  readonly closeness: Float32Array
  /** That question's position; -1: none. */
  readonly closest: Int32Array
  /** Each target's share among the closest questions; all zero where the meaning is not known. */
  readonly votes: Float32Array
  /** Scores of targets by words and meaning, comparable among rivals only; all zero where the meaning is not known. */
  readonly near: ScoreOf
  /** Whether the text's meaning is known: an encoder gave its vector. */
  readonly understood: boolean
  /** Logarithm of each topic's share of what was written. */
  readonly shares: Float32Array
  /** Share of the text's words that are unknown, each by its rarity. */
  readonly unknown: number
  /** Number of distinct words. */
  readonly words: number
}

export interface SourceParts {
  readonly tables: Tables
  readonly targets: Targets
  readonly index: QuestionIndex
  /** The same questions by meaning; without an encoder there is none. */
  readonly meanings?: MeaningIndex | undefined
}

/** What texts without a known meaning have in common. */
type Silence = Pick<Evidence, 'meaning' | 'closeness' | 'closest' | 'votes' | 'near' | 'understood'>

/** What evidence is gathered from. */
export interface Sources extends SourceParts {
  readonly silence: Silence
}

/** What a text says whose meaning is not known. Shared by all such texts, so never written to. */
export const createSilence = ({ topics, names }: Pick<Targets, 'topics' | 'names'>): Silence => {
  const zeros = new Float32Array(names.length)
  return {
    meaning: new Float32Array(topics.length),
    closeness: zeros,
    closest: new Int32Array(names.length).fill(-1),
    votes: zeros,
    near: () => 0,
    understood: false,
  }
}

/** Lays out the parts for texts to come. */
export const openSources = (parts: SourceParts): Sources => ({
  ...parts,
  silence: createSilence(parts.targets),
})

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

/** Gathers what the words of one text say. */
export const gatherWords = (
  { tables, targets, index, silence }: Sources,
  { features, vector, skip }: Observed,
  rarityOf: WordRarity,
): Evidence => {
  const regression = new Float32Array(targets.topics.length)
  const bayes = new Float32Array(targets.topics.length)
  const rivals = new Float32Array(targets.names.length)
  scoreAll(tables.regression, { vector }, regression)
  scoreAll(tables.bayes, { vector }, bayes)
  scoreSparse(tables.rivals, vector, rivals)
  const likeness = new Float32Array(targets.names.length)
  const question = new Int32Array(targets.names.length).fill(-1)
  const cover = new Float32Array(targets.names.length)
  const ceiling = Math.max(index.ceiling(features.terms), 1e-6)
  const take = (entry: number, best: number, score: number): void => {
    likeness[entry] = score / ceiling
    question[entry] = best
    cover[entry] = score / Math.max(index.ceilingOf(best), 1e-6)
  }
  index.visit(features.terms, take, skip)
  return {
    ...{ regression, bayes, rivals, likeness, question, cover },
    ...silence,
    shares: tables.shares,
    unknown: unknownShare(features.words, rarityOf),
    words: features.words.length,
  }
}

/** Adds what the meaning says to what the words say; where either is not known, nothing. */
export const addMeaning = (
  { tables: { head, near }, targets, meanings }: Sources,
  words: Evidence,
  { vector, meaning: known, skip }: Pick<Observed, 'vector' | 'meaning' | 'skip'>,
): Evidence => {
  if (known === undefined || meanings === undefined || head === undefined || near === undefined) return words
  const meaning = new Float32Array(targets.topics.length)
  scoreAll(head, { vector, meaning: known }, meaning)
  const { closeness, question: closest, votes } = meanings.search(known, skip)
  return {
    ...words,
    meaning,
    closeness,
    closest,
    votes,
    near: scoreJoint(near, vector, known),
    understood: true,
  }
}

/** Gathers the evidence for one text. */
export const gatherEvidence = (sources: Sources, observed: Observed, rarityOf: WordRarity): Evidence =>
  addMeaning(sources, gatherWords(sources, observed, rarityOf), observed)

/** The same evidence as it would be without an encoder. */
export const byWords = (evidence: Evidence, silence: Silence): Evidence => ({ ...evidence, ...silence })

const mix = (first: Float32Array, second: Float32Array, share: number): Float32Array =>
  first.map((value, at) => value + share * (second[at] ?? 0))

/** Reads a short text in the light of the one before it: that one's scores are added by `share`. */
export const inLightOf = (own: Evidence, before: Evidence, share: number): Evidence => ({
  ...own,
  regression: mix(own.regression, before.regression, share),
  bayes: mix(own.bayes, before.bayes, share),
  rivals: mix(own.rivals, before.rivals, share),
  likeness: own.likeness.map((value, at) => Math.max(value, share * (before.likeness[at] ?? 0))),
  cover: own.cover.map((value, at) => Math.max(value, share * (before.cover[at] ?? 0))),
  meaning: mix(own.meaning, before.meaning, share),
  near: (target) => own.near(target) + share * before.near(target),
  votes: own.votes.map((value, at) => (value + share * (before.votes[at] ?? 0)) / (1 + share)),
  closeness: own.closeness.map((value, at) => (value + share * (before.closeness[at] ?? 0)) / (1 + share)),
  understood: own.understood && before.understood,
})
