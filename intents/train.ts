import type { KnowledgeBase } from '../src/core/knowledge.ts'
import { createConceptFinder } from './concepts.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { createExtractor } from './model/features.ts'
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
}

/** Trains the model of this content, here. Repeatable; takes seconds of work, in pieces. */
export const trainUnderstanding = (options: TrainOptions): Promise<UnderstandingModel> => {
  const { knowledge, intents, lexicons, wrongRate = 0.03, strangers = 0 } = options
  const tools = createTextTools(lexicons)
  const extract = createExtractor(tools, createConceptFinder(lexicons.concepts, tools.normalise))
  return trainModel(
    { articles: knowledge.articles, intents, normalise: tools.normalise, extract, strangers },
    wrongRate,
  )
}
