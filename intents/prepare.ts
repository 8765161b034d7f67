import type { Understand } from '../src/core/understanding.ts'
import { cacheKey, readCached, writeCached } from './model/cache.ts'
import type { Quality, Thresholds } from './model/thresholds.ts'
import { trainApart } from './model/train-apart.ts'
import type { TrainOptions } from './train.ts'
import { createUnderstanding } from './understand.ts'

export interface PrepareOptions extends Omit<TrainOptions, 'strangers'> {
  /** Folder that keeps trained models; undefined: train every time. */
  readonly cacheFolder?: string
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

/**
 * Takes the model of this content from the cache, or trains and stores it, and builds the understanding.
 * Training takes seconds, in a thread of its own.
 */
export const prepareUnderstanding = async (options: PrepareOptions): Promise<Prepared> => {
  const { cacheFolder, knowledge, intents, lexicons, wrongRate = 0.03 } = options
  const content: TrainOptions = { knowledge, intents, lexicons, wrongRate }
  const key = cacheKey([knowledge.version, intents.version, lexicons.version, wrongRate])
  const stored = cacheFolder === undefined ? undefined : await readCached(cacheFolder, key)
  const model = stored ?? (await trainApart(content))
  if (stored === undefined && cacheFolder !== undefined) await writeCached(cacheFolder, key, model)
  return {
    understand: createUnderstanding({ knowledge, intents, lexicons, model }),
    thresholds: model.thresholds,
    heldOut: model.heldOut,
    labelled: model.labelled,
    cached: stored !== undefined,
  }
}
