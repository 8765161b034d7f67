import type { Article } from '../../src/core/knowledge.ts'
import { createQuestionIndex, searchWeight } from '../../src/text/index.ts'
import type { IndexedQuestion, Normalise, QuestionIndex } from '../../src/text/index.ts'
import type { LabelledText } from '../labelled.ts'
import type { IntentSet } from '../load.ts'
import type { Breath } from './breath.ts'
import { gatherCorpus } from './corpus.ts'
import { createMeaningIndex, packVectors, vectorsByText } from './meaning.ts'
import type { MeaningIndex, Meanings, TextVectors } from './meaning.ts'
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
  /**
   * True: contacts ask about the topics in the proportions in which the texts were written, as in samples of their
   * messages. Default false: how much an editor wrote on a topic says less of how often it is asked about.
   */
  readonly asWritten?: boolean
  /** An encoder's vectors for all texts of `textsOf`; without them only words are learned from. */
  readonly vectors?: TextVectors | undefined
}

/** A text ready for learning. */
export interface ReadText extends CorpusText {
  readonly features: Features
  readonly vector: Vector
  /** The encoder's vector. */
  readonly meaning?: Float32Array | undefined
}

/** A labelled message ready for calibration. */
export interface ReadLabelled {
  readonly row: LabelledText
  readonly features: Features
  readonly vector: Vector
  /** The encoder's vector. */
  readonly meaning?: Float32Array | undefined
}

/** A known question: what it speaks for, how it is searched, and what it is known by. */
export interface KnownQuestion extends IndexedQuestion {
  readonly key: string
}

export interface Prepared {
  readonly targets: Targets
  /** Whether the texts stand in the proportions in which contacts ask. */
  readonly asWritten: boolean
  readonly texts: readonly ReadText[]
  readonly calibration: readonly ReadLabelled[]
  readonly vocabulary: Vocabulary
  /** What the index holds, in order. */
  readonly questions: readonly KnownQuestion[]
  /** Fold of each indexed question. */
  readonly foldOf: Int32Array
  readonly index: QuestionIndex
  /** The same questions by meaning; without vectors there is none. */
  readonly meanings?: PreparedMeanings | undefined
}

/** What an encoder adds. */
export interface PreparedMeanings extends Meanings {
  readonly index: MeaningIndex
}

/** The texts, in the form in which they are learned from, that an encoder is asked for; each once. */
export const textsOf = ({
  articles,
  intents,
  normalise,
}: Pick<TrainingInput, 'articles' | 'intents' | 'normalise'>): readonly string[] => {
  const { texts } = gatherCorpus(articles, intents)
  const all = [...texts, ...intents.calibration].map(({ text }) => normalise(text).text)
  return [...new Set(all)].filter((text) => text !== '')
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

interface Seen {
  readonly features: Features
  readonly meaning: Float32Array | undefined
}
const unseen: Seen = { features: { names: [], terms: [], words: [], key: '' }, meaning: undefined }

/** Lays out the questions' vectors for search. */
const compareMeanings = (
  { encoder, dimensions }: TextVectors,
  asked: readonly { readonly entry: number; readonly meaning: Float32Array | undefined }[],
  { names }: Targets,
): PreparedMeanings => {
  const questions = packVectors(
    asked.map(({ meaning }) => meaning),
    dimensions,
  )
  const entryOf = Int32Array.from(asked, ({ entry }) => entry)
  const index = createMeaningIndex(questions, dimensions, { entryOf, targets: names.length })
  return { encoder, dimensions, questions, index }
}

/** Reads all texts, builds vocabulary, vectors and index. Pauses often. */
export const prepare = async (
  { articles, intents, normalise, extract, vectors, asWritten = false }: TrainingInput,
  breath: Breath,
): Promise<Prepared> => {
  const { targets, texts } = gatherCorpus(articles, intents)
  const vectorOf = vectors === undefined ? () => undefined : vectorsByText(vectors)
  const see = ({ text }: { readonly text: string }) => {
    const read = normalise(text)
    return { features: extract(read), meaning: vectorOf(read.text) }
  }
  const seen = await each(texts, breath, see)
  const labelled = await each(intents.calibration, breath, see)
  await breath.pause()
  // Noise may use what people's own words make known, but brings in no words of its own.
  const written = seen.filter((_, at) => texts[at]?.target !== undefined)
  const vocabulary = buildVocabulary(written.map(({ features }) => features.names))
  await breath.pause()
  const vectorise = createVectoriser(vocabulary)
  const withVector = ({ features, meaning }: Seen = unseen) => ({
    features,
    vector: vectorise(features.names),
    meaning,
  })
  const readTexts = await each(texts, breath, (text, at) => ({ ...text, ...withVector(seen[at]) }))
  const calibration = await each(intents.calibration, breath, (row, at) => ({
    row,
    ...withVector(labelled[at]),
  }))
  const asked = readTexts.flatMap(({ target, fold, meaning, features: { terms, key } }) =>
    target === undefined || fold < 0 ? [] : [{ entry: target, terms, key, fold, meaning }],
  )
  await breath.pause()
  const index = createQuestionIndex(asked, { weightOf: termWeight })
  await breath.pause()
  return {
    targets,
    asWritten,
    texts: readTexts,
    calibration,
    vocabulary,
    questions: asked.map(({ entry, terms, key }) => ({ entry, terms, key })),
    foldOf: Int32Array.from(asked, ({ fold }) => fold),
    index,
    meanings: vectors === undefined ? undefined : compareMeanings(vectors, asked, targets),
  }
}
