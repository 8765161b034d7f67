import type { Article } from '../../src/core/knowledge.ts'
import { createQuestionIndex, searchWeight } from '../../src/text/index.ts'
import type { IndexedQuestion, Normalise, QuestionIndex } from '../../src/text/index.ts'
import type { LabelledText } from '../labelled.ts'
import type { IntentSet } from '../load.ts'
import type { Breath } from './breath.ts'
import { gatherCorpus } from './corpus.ts'
import type { CorpusText, Targets } from './corpus.ts'
import type { ExtractFeatures, Features } from './features.ts'
import { buildVocabulary, createVectoriser } from './vocabulary.ts'
import type { Vector, Vocabulary } from './vocabulary.ts'

export interface TrainingInput {
  readonly articles: readonly Article[]
  readonly intents: IntentSet
  readonly normalise: Normalise
  readonly extract: ExtractFeatures
  /**
   * Also learns what is out of scope from articles and intents left out whole, where no examples of it were written:
   * how many such messages are expected for one within scope. Default 0: learns nothing from them.
   */
  readonly strangers?: number
}

/** A text ready for learning. */
export interface ReadText extends CorpusText {
  readonly features: Features
  readonly vector: Vector
}

/** A labelled message ready for calibration. */
export interface ReadLabelled {
  readonly row: LabelledText
  readonly features: Features
  readonly vector: Vector
}

/** A known question: what it speaks for, how it is searched, and what it is known by. */
export interface KnownQuestion extends IndexedQuestion {
  readonly key: string
}

export interface Prepared {
  readonly targets: Targets
  readonly texts: readonly ReadText[]
  readonly calibration: readonly ReadLabelled[]
  readonly vocabulary: Vocabulary
  /** What the index holds, in order. */
  readonly questions: readonly KnownQuestion[]
  /** Fold of each indexed question. */
  readonly foldOf: Int32Array
  readonly index: QuestionIndex
}

/** A concept found in both counts more than one shared word, less than a shared rare one. */
const conceptSearchWeight = 1.5

/** Weight of a term in the classifier's index, which also holds concepts. */
export const termWeight = (term: string): number =>
  term.startsWith('@') ? conceptSearchWeight : searchWeight(term)

/** Does `work` on every item, with pauses. */
const each = async <Item, Result>(
  items: readonly Item[],
  breath: Breath,
  work: (item: Item, at: number) => Result,
): Promise<readonly Result[]> => {
  const all: Result[] = []
  for (const [at, item] of items.entries()) {
    all.push(work(item, at))
    if (breath.due()) await breath.pause()
  }
  return all
}

const nothing: Features = { names: [], terms: [], words: [], key: '' }

/** Reads all texts, builds vocabulary, vectors and index. Pauses often. */
export const prepare = async (
  { articles, intents, normalise, extract }: TrainingInput,
  breath: Breath,
): Promise<Prepared> => {
  const { targets, texts } = gatherCorpus(articles, intents)
  const features = await each(texts, breath, ({ text }) => extract(normalise(text)))
  const labelled = await each(intents.calibration, breath, ({ text }) => extract(normalise(text)))
  await breath.pause()
  // Noise may use what people's own words make known, but brings in no words of its own.
  const written = features.filter((_, at) => texts[at]?.target !== undefined)
  const vocabulary = buildVocabulary(written.map(({ names }) => names))
  await breath.pause()
  const vectorise = createVectoriser(vocabulary)
  const withVector = (one = nothing): { features: Features; vector: Vector } => ({
    features: one,
    vector: vectorise(one.names),
  })
  const readTexts = await each(texts, breath, (text, at) => ({ ...text, ...withVector(features[at]) }))
  const calibration = await each(intents.calibration, breath, (row, at) => ({
    row,
    ...withVector(labelled[at]),
  }))
  const asked = readTexts.flatMap(({ target, fold, features: { terms, key } }) =>
    target === undefined || fold < 0 ? [] : [{ entry: target, terms, key, fold }],
  )
  await breath.pause()
  const index = createQuestionIndex(asked, { weightOf: termWeight })
  await breath.pause()
  return {
    targets,
    texts: readTexts,
    calibration,
    vocabulary,
    questions: asked.map(({ entry, terms, key }) => ({ entry, terms, key })),
    foldOf: Int32Array.from(asked, ({ fold }) => fold),
    index,
  }
}
