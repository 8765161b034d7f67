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

/** Reads all texts, builds vocabulary, vectors and index. Pauses often. */
export const prepare = async (
  { articles, intents, normalise, extract }: TrainingInput,
  breath: Breath,
): Promise<Prepared> => {
  const { targets, texts } = gatherCorpus(articles, intents)
  const read = async <Item>(
    items: readonly Item[],
    textOf: (item: Item) => string,
  ): Promise<readonly Features[]> => {
    const all: Features[] = []
    for (const item of items) {
      all.push(extract(normalise(textOf(item))))
      if (breath.due()) await breath.pause()
    }
    return all
  }
  const features = await read(texts, ({ text }) => text)
  const calibrationFeatures = await read(intents.calibration, ({ text }) => text)
  // Noise may use what people's own words make known, but brings in no words of its own.
  const written = features.filter((_, at) => texts[at]?.target !== undefined)
  const vocabulary = buildVocabulary(written.map(({ names }) => names))
  const vectorise = createVectoriser(vocabulary)
  const vectorOf = (one: Features | undefined): { features: Features; vector: Vector } => {
    const known = one ?? { names: [], terms: [], words: [], key: '' }
    return { features: known, vector: vectorise(known.names) }
  }
  const readTexts = texts.map((text, at) => ({ ...text, ...vectorOf(features[at]) }))
  const asked = readTexts.flatMap(({ target, fold, features: { terms, key } }) =>
    target === undefined || fold < 0 ? [] : [{ entry: target, terms, key, fold }],
  )
  return {
    targets,
    texts: readTexts,
    calibration: intents.calibration.map((row, at) => ({ row, ...vectorOf(calibrationFeatures[at]) })),
    vocabulary,
    questions: asked.map(({ entry, terms, key }) => ({ entry, terms, key })),
    foldOf: Int32Array.from(asked, ({ fold }) => fold),
    index: createQuestionIndex(asked, { weightOf: termWeight }),
  }
}
