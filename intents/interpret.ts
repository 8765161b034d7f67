import type { Article } from '../src/core/knowledge.ts'
import { createQuestionIndex } from '../src/text/index.ts'
import type { Normalise, Normalised } from '../src/text/index.ts'
import { addMeaning, createWordRarity, gatherWords, inLightOf, openSources } from './model/evidence.ts'
import type { Evidence } from './model/evidence.ts'
import type { ExtractFeatures } from './model/features.ts'
import { judgeArticles, judgeTopics } from './model/judge.ts'
import type { Judged } from './model/judge.ts'
import { createMeaningIndex } from './model/meaning.ts'
import type { MeaningIndex } from './model/meaning.ts'
import { termWeight } from './model/prepare.ts'
import type { UnderstandingModel } from './model/train.ts'
import { createVectoriser } from './model/vocabulary.ts'
import type { Vector } from './model/vocabulary.ts'

/** What one stretch of text was taken for. */
export interface Reading {
  readonly read: Normalised
  readonly evidence: Evidence
  /** Probability of every topic. */
  readonly topics: Float64Array
  /** The likeliest topic. */
  readonly topic: number
  readonly confidence: number
  /** Articles that may answer, best first, negative words respected. */
  readonly candidates: readonly Judged[]
  /** The known question it equals, but for punctuation. */
  readonly same?: { readonly target: number; readonly key: string }
}

/** What the words of a text say, before anything is judged. */
export interface WordsOf {
  readonly read: Normalised
  readonly evidence: Evidence
  readonly vector: Vector
  /** What it is compared with known questions by. */
  readonly key: string
}

export interface Interpreter {
  /** The costly part of reading a text, which the encoder has no part in. */
  observe(read: Normalised): WordsOf
  /** `meaning` is the encoder's vector of the text; without it only words speak. */
  interpret(words: WordsOf, meaning?: Float32Array): Reading
  /** Reads a follow-up: `own` in the light of what was said before; topics `unless` are out of the running. */
  interpretAfter(own: Reading, before: Evidence, unless: readonly number[], share?: number): Reading
  /** Evidence of a topic known from the context, when its words are not. */
  evidenceOf(topic: number): Evidence
}

export interface InterpreterOptions {
  readonly model: UnderstandingModel
  readonly articles: readonly Article[]
  readonly normalise: Normalise
  readonly extract: ExtractFeatures
}

/** A text that equals a known question is sure, but for what editors may have mistaken. */
const sameScore = 0.98
/** How much the message before counts in a follow-up. */
const beforeShare = 0.6
/** Score of a topic that only the context names. */
const namedTopicScore = 24

const listSame = ({ questions, targets }: UnderstandingModel): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  const disputed = new Set<string>()
  for (const { key, entry } of questions) {
    const other = found.get(key)
    if (other === undefined) found.set(key, entry)
    else if (targets.topicOf[other] !== targets.topicOf[entry]) disputed.add(key)
  }
  for (const key of disputed) found.delete(key)
  found.delete('')
  return found
}

/** Position of the highest. */
export const highest = (chances: Float64Array): number =>
  chances.reduce((best, chance, at) => (chance > (chances[best] ?? 0) ? at : best), 0)

/** Puts the known article first and holds the others back. */
const preferSame = (candidates: readonly Judged[], target: number): readonly Judged[] => [
  { target, score: Math.max(sameScore, candidates.find((one) => one.target === target)?.score ?? 0) },
  ...candidates
    .filter((one) => one.target !== target)
    .map((one) => ({ ...one, score: Math.min(one.score, 0.3) })),
]

/** Negative words of each target, normalised. */
const listNegative = (
  articles: readonly Article[],
  names: readonly string[],
  normalise: Normalise,
): readonly (readonly string[])[] => {
  const articleOf = new Map(articles.map((article) => [article.id, article]))
  return names.map((name) =>
    (articleOf.get(name)?.negative ?? []).map((word) => normalise(word).text).filter((word) => word !== ''),
  )
}

/** The known questions by meaning, where an encoder had a part in the model. */
const indexMeanings = ({ meanings, questions, targets }: UnderstandingModel): MeaningIndex | undefined => {
  if (meanings === undefined) return undefined
  const entryOf = Int32Array.from(questions, ({ entry }) => entry)
  return createMeaningIndex(meanings.questions, meanings.dimensions, {
    entryOf,
    targets: targets.names.length,
  })
}

/** Builds the interpreter of a model: pure, synchronous, well below a millisecond a text. */
export const createInterpreter = ({
  model,
  articles,
  normalise,
  extract,
}: InterpreterOptions): Interpreter => {
  const { targets, tables, vocabulary, questions } = model
  const vectorise = createVectoriser(vocabulary)
  const rarity = createWordRarity(vocabulary)
  const index = createQuestionIndex(questions, { weightOf: termWeight })
  const sources = openSources({ tables, targets, index, meanings: indexMeanings(model) })
  const same = listSame(model)
  const negative = listNegative(articles, targets.names, normalise)

  const judge = (
    read: Normalised,
    evidence: Evidence,
    key: string,
    unless: readonly number[] = [],
  ): Reading => {
    const { weights } = evidence.understood ? model : model.byWords
    const topics = judgeTopics(evidence, targets, weights)
    for (const one of unless) takeOut(topics, one)
    const topic = highest(topics)
    const candidates = judgeArticles(evidence, targets, weights, topics).filter(
      ({ target }) => !(negative[target] ?? []).some((word) => read.text.includes(word)),
    )
    const known = same.get(key)
    const base = { read, evidence, topics }
    if (known === undefined) return { ...base, topic, confidence: topics[topic] ?? 0, candidates }
    const knownTopic = targets.topicOf[known] ?? topic
    return {
      ...base,
      topic: knownTopic,
      confidence: Math.max(sameScore, topics[knownTopic] ?? 0),
      candidates: known < targets.articles ? preferSame(candidates, known) : candidates,
      same: { target: known, key },
    }
  }

  return {
    observe: (read) => {
      const features = extract(read)
      const vector = vectorise(features.names)
      return { read, evidence: gatherWords(sources, { features, vector }, rarity), vector, key: features.key }
    },
    interpret: ({ read, evidence, vector, key }, meaning) =>
      judge(read, addMeaning(sources, evidence, { vector, meaning }), key),
    interpretAfter: (own, before, unless, share = beforeShare) =>
      judge(own.read, inLightOf(own.evidence, before, share), '', unless),
    evidenceOf: (topic) => {
      const empty = gatherWords(
        sources,
        { features: { names: [], terms: [], words: [], key: '' }, vector: vectorise([]) },
        rarity,
      )
      const regression = empty.regression.map((score, at) => (at === topic ? score + namedTopicScore : score))
      return { ...empty, regression }
    },
  }
}

/** Sets one probability to zero and shares it out among the others; in place. */
export const takeOut = (chances: Float64Array, at: number): void => {
  if (at < 0) return
  const rest = 1 - (chances[at] ?? 0)
  chances[at] = 0
  if (rest > 0) for (let one = 0; one < chances.length; one++) chances[one] = (chances[one] ?? 0) / rest
}
