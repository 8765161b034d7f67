import type { KnowledgeBase } from '../src/core/knowledge.ts'
import { findEntities } from '../src/text/index.ts'
import type { Normalised } from '../src/text/index.ts'
import { createListReader } from './attitude.ts'
import { createConceptFinder } from './concepts.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons, TextTools } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { attitudeFeatures, learnAttitude } from './model/attitude.ts'
import type { AttitudeModel } from './model/attitude.ts'
import { createBreath } from './model/breath.ts'
import { createExtractor } from './model/features.ts'
import { vectorsByText } from './model/meaning.ts'
import type { TextVectors } from './model/meaning.ts'
import { textsOf } from './model/prepare.ts'
import { trainModel } from './model/train.ts'
import type { StartLearning, UnderstandingModel } from './model/train.ts'
import { withoutEntities } from './utterance.ts'

export interface TrainOptions {
  readonly knowledge: KnowledgeBase
  readonly intents: IntentSet
  readonly lexicons: Lexicons
  /** Share of answers that may be wrong at `thresholds.answer`. Default 0.03. */
  readonly wrongRate?: number
  /** Messages out of scope expected for one within; learned from articles and intents left out whole. Default 0. */
  readonly strangers?: number
  /** True: contacts ask about the topics in the proportions in which the texts were written. Default false. */
  readonly asWritten?: boolean
  /** An encoder's vectors for `textsToEncode`; without them the model goes by words. */
  readonly vectors?: TextVectors | undefined
}

/** A labelled message as messages are read: without the ids and addresses in it. */
const readAs = (text: string, { normalise }: TextTools): Normalised =>
  normalise(withoutEntities(text, findEntities(text)))

/** All texts that training wants vectors of. */
export const textsToEncode = ({
  knowledge,
  intents,
  lexicons,
}: Pick<TrainOptions, 'knowledge' | 'intents' | 'lexicons'>): readonly string[] => {
  const tools = createTextTools(lexicons)
  const texts = textsOf({ articles: knowledge.articles, intents, normalise: tools.normalise })
  const attitude = (intents.attitude ?? []).map(({ text }) => readAs(text, tools).text)
  return [...new Set([...texts, ...attitude])].filter((text) => text !== '')
}

/** Fewer labelled messages than this teach nothing that the word lists do not know. */
const leastAttitude = 200

/** How the content's words are read. */
const openTools = (lexicons: Lexicons) => {
  const tools = createTextTools(lexicons)
  return { tools, extract: createExtractor(tools, createConceptFinder(lexicons.concepts, tools.normalise)) }
}

/** What is read to learn how messages are meant; plain data that can travel to another thread. */
export type AttitudeOptions = Pick<TrainOptions, 'intents' | 'lexicons' | 'vectors'>

/** Learns how messages are meant; undefined: too few are labelled. */
export const trainAttitude = async ({
  intents,
  lexicons,
  vectors,
}: AttitudeOptions): Promise<AttitudeModel | undefined> => {
  const { tools, extract } = openTools(lexicons)
  const rows = intents.attitude ?? []
  if (rows.length < leastAttitude) return undefined
  const readLists = createListReader({ lexicons, normalise: tools.normalise })
  const vectorOf = vectors === undefined ? () => undefined : vectorsByText(vectors)
  const see = (text: string) => {
    const read = readAs(text, tools)
    return {
      features: attitudeFeatures(read, extract),
      meaning: vectorOf(read.text),
      lists: readLists(read),
    }
  }
  return learnAttitude({ rows, see, dimensions: vectors?.dimensions }, createBreath())
}

/** Where the parts of a model are learned that do not depend on each other. */
export interface LearnParts {
  readonly attitude: (options: AttitudeOptions) => Promise<AttitudeModel | undefined>
  readonly tables: StartLearning
}

/**
 * Trains the model of this content. Repeatable; takes seconds of work, in pieces. `parts` says where its parts are learned:
 * the model is the same. Default: here, one after the other.
 */
export const trainUnderstanding = async (
  options: TrainOptions,
  parts?: LearnParts,
): Promise<UnderstandingModel> => {
  const {
    knowledge,
    intents,
    lexicons,
    vectors,
    wrongRate = 0.03,
    strangers = 0,
    asWritten = false,
  } = options
  const { tools, extract } = openTools(lexicons)
  const { normalise } = tools
  // Begun first: it needs nothing of the rest.
  const coming = parts?.attitude({ intents, lexicons, vectors })
  const model = await trainModel(
    { articles: knowledge.articles, intents, normalise, extract, vectors, strangers, asWritten },
    wrongRate,
    parts?.tables,
  )
  const attitude = await (coming ?? trainAttitude(options))
  return attitude === undefined ? model : { ...model, attitude }
}
