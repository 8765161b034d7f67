import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type { Understand } from '../src/core/understanding.ts'
import { createConceptFinder } from './concepts.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { cacheKey, readCached, writeCached } from './model/cache.ts'
import { createExtractor } from './model/features.ts'
import type { Quality, Thresholds } from './model/thresholds.ts'
import { trainModel } from './model/train.ts'
import type { UnderstandingModel } from './model/train.ts'
import { createUnderstanding } from './understand.ts'

export interface PrepareOptions {
  readonly knowledge: KnowledgeBase
  readonly intents: IntentSet
  readonly lexicons: Lexicons
  /** Folder that keeps trained models; undefined: train every time. */
  readonly cacheFolder?: string
  /** Share of answers that may be wrong at `thresholds.answer`. Default 0.03. */
  readonly wrongRate?: number
}

/** A loaded state, ready to understand. */
export interface Prepared {
  readonly understand: Understand
  readonly thresholds: Thresholds
  /** On texts held out of training; editors make them unlike each other, so this is a lower bound. */
  readonly heldOut: Quality
  /** On the labelled calibration messages; equal to `heldOut` when there are too few. */
  readonly labelled: Quality
  /** True when the model came from the cache. */
  readonly cached: boolean
}

/** Trains the model of this content. Repeatable; takes seconds of work in pieces of milliseconds. */
export const trainUnderstanding = (options: PrepareOptions): Promise<UnderstandingModel> => {
  const { knowledge, intents, lexicons, wrongRate = 0.03 } = options
  const tools = createTextTools(lexicons)
  const extract = createExtractor(tools, createConceptFinder(lexicons.concepts, tools.normalise))
  return trainModel({ articles: knowledge.articles, intents, normalise: tools.normalise, extract }, wrongRate)
}

/** Takes the model of this content from the cache, or trains and stores it, and builds the understanding. */
export const prepareUnderstanding = async (options: PrepareOptions): Promise<Prepared> => {
  const { knowledge, intents, lexicons, cacheFolder, wrongRate = 0.03 } = options
  const key = cacheKey([knowledge.version, intents.version, lexicons.version, wrongRate])
  const stored = cacheFolder === undefined ? undefined : await readCached(cacheFolder, key)
  const model = stored ?? (await trainUnderstanding(options))
  if (stored === undefined && cacheFolder !== undefined) await writeCached(cacheFolder, key, model)
  return {
    understand: createUnderstanding({ knowledge, intents, lexicons, model }),
    thresholds: model.thresholds,
    heldOut: model.heldOut,
    labelled: model.labelled,
    cached: stored !== undefined,
  }
}
