import type { Encoder } from '../src/core/encoder.ts'
import type { Understand } from '../src/core/understanding.ts'
import { cacheKey, readCached, writeCached } from './model/cache.ts'
import type { TextVectors } from './model/meaning.ts'
import type { Quality, Thresholds } from './model/thresholds.ts'
import { trainApart } from './model/train-apart.ts'
import type { UnderstandingModel } from './model/train.ts'
import { textsToEncode } from './train.ts'
import type { TrainOptions } from './train.ts'
import { createUnderstanding } from './understand.ts'

export interface PrepareOptions extends Omit<TrainOptions, 'vectors'> {
  /** Folder that keeps trained models; undefined: train every time. */
  readonly cacheFolder?: string
  /** Gives the meaning of texts; undefined: go by words. */
  readonly encoder?: Encoder | undefined
  /** How very many texts are encoded, when not by the encoder at once. Default: `encoder.encode`. */
  readonly encodeAll?: ((texts: readonly string[]) => Promise<readonly Float32Array[]>) | undefined
  /** Told when the encoder does not answer; understanding goes on by words. */
  readonly onEncoderLost?: ((error: unknown) => void) | undefined
}

/** A loaded state, ready to understand. */
export interface Prepared {
  readonly understand: Understand
  readonly thresholds: Thresholds
  /** Those of words alone while the encoder does not answer. */
  readonly thresholdsNow: () => Thresholds
  /** On texts held out of training; editors make them unlike each other, so this is a lower bound. */
  readonly heldOut: Quality
  /** On the labelled calibration messages; equal to `heldOut` when there are too few. */
  readonly labelled: Quality
  /** True when the model came from the cache. */
  readonly cached: boolean
}

const collectVectors = async (
  encoder: Encoder,
  { onEncoderLost, encodeAll = (texts) => encoder.encode(texts), ...content }: PrepareOptions,
): Promise<TextVectors | undefined> => {
  const texts = textsToEncode(content)
  const { dimensions } = encoder
  try {
    const values = new Float32Array(texts.length * dimensions)
    const vectors = await encodeAll(texts)
    for (const [at, vector] of vectors.entries()) values.set(vector, at * dimensions)
    return { encoder: encoder.version, dimensions, texts, values }
  } catch (error) {
    onEncoderLost?.(error)
    return undefined
  }
}

const keyOf = (
  { knowledge, intents, lexicons, wrongRate = 0.03, strangers = 0, asWritten = false }: PrepareOptions,
  encoder: string | undefined,
): string =>
  cacheKey([
    ...[knowledge.version, intents.version, lexicons.version, wrongRate, encoder ?? 'words'],
    ...(strangers > 0 ? [strangers] : []),
    ...(asWritten ? ['as-written'] : []),
  ])

/** The model of this content, from the cache or newly trained. */
const obtainModel = async (
  options: PrepareOptions,
): Promise<{ readonly model: UnderstandingModel; readonly cached: boolean }> => {
  const { cacheFolder, encoder, knowledge, intents, lexicons, wrongRate, strangers, asWritten } = options
  const recall = (key: string) => (cacheFolder === undefined ? undefined : readCached(cacheFolder, key))
  const known = await recall(keyOf(options, encoder?.version))
  if (known !== undefined) return { model: known, cached: true }
  const vectors = encoder === undefined ? undefined : await collectVectors(encoder, options)
  const key = keyOf(options, vectors?.encoder)
  // What the encoder would not give was perhaps trained without it before.
  const byWords = vectors === undefined && encoder !== undefined ? await recall(key) : undefined
  if (byWords !== undefined) return { model: byWords, cached: true }
  const model = await trainApart({
    ...{ knowledge, intents, lexicons, vectors },
    ...(wrongRate === undefined ? {} : { wrongRate }),
    ...(strangers === undefined ? {} : { strangers }),
    ...(asWritten === undefined ? {} : { asWritten }),
  })
  if (cacheFolder !== undefined) await writeCached(cacheFolder, key, model)
  return { model, cached: false }
}

/**
 * Takes the model of this content from the cache, or trains and stores it, and builds the understanding.
 * Training takes seconds, in a thread of its own.
 */
export const prepareUnderstanding = async (options: PrepareOptions): Promise<Prepared> => {
  const { knowledge, intents, lexicons, encoder, onEncoderLost } = options
  const { model, cached } = await obtainModel(options)
  let lost = false
  const understand = createUnderstanding({
    ...{ knowledge, intents, lexicons, model, encoder },
    onEncoderLost: (error) => {
      lost = true
      onEncoderLost?.(error)
    },
    onEncoderBack: () => {
      lost = false
    },
  })
  return {
    understand,
    thresholds: model.thresholds,
    thresholdsNow: () => (lost ? model.byWords.thresholds : model.thresholds),
    heldOut: model.heldOut,
    labelled: model.labelled,
    cached,
  }
}
