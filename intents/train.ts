import type { KnowledgeBase } from '../src/core/knowledge.ts'
import { createConceptFinder } from './concepts.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { createExtractor } from './model/features.ts'
import type { TextVectors } from './model/meaning.ts'
import { textsOf } from './model/prepare.ts'
import { trainModel } from './model/train.ts'
import type { UnderstandingModel } from './model/train.ts'

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

/** All texts that training wants vectors of. */
export const textsToEncode = ({
  knowledge,
  intents,
  lexicons,
}: Pick<TrainOptions, 'knowledge' | 'intents' | 'lexicons'>): readonly string[] =>
  textsOf({ articles: knowledge.articles, intents, normalise: createTextTools(lexicons).normalise })

/** Trains the model of this content, here. Repeatable; takes seconds of work, in pieces. */
export const trainUnderstanding = (options: TrainOptions): Promise<UnderstandingModel> => {
  const {
    knowledge,
    intents,
    lexicons,
    vectors,
    wrongRate = 0.03,
    strangers = 0,
    asWritten = false,
  } = options
  const tools = createTextTools(lexicons)
  const extract = createExtractor(tools, createConceptFinder(lexicons.concepts, tools.normalise))
  const { normalise } = tools
  return trainModel(
    { articles: knowledge.articles, intents, normalise, extract, vectors, strangers, asWritten },
    wrongRate,
  )
}
