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
  /** True when it goes by the encoder's vectors beside words. */
  readonly byMeaning: boolean
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

type Obtained = Pick<Prepared, 'cached'> & { readonly model: UnderstandingModel }

const recallModel = async (
  options: PrepareOptions,
  encoder: string | undefined,
): Promise<Obtained | undefined> => {
  if (options.cacheFolder === undefined) return undefined
  const model = await readCached(options.cacheFolder, keyOf(options, encoder))
  return model === undefined ? undefined : { model, cached: true }
}

/** Trains what the cache does not hold, and stores it there. */
const learnModel = async (options: PrepareOptions): Promise<Obtained> => {
  const { cacheFolder, encoder, knowledge, intents, lexicons, wrongRate, strangers, asWritten } = options
  const vectors = encoder === undefined ? undefined : await collectVectors(encoder, options)
  // What the encoder would not give was perhaps trained without it before.
  const byWords =
    vectors === undefined && encoder !== undefined ? await recallModel(options, undefined) : undefined
  if (byWords !== undefined) return byWords
  const model = await trainApart({
    ...{ knowledge, intents, lexicons, vectors },
    ...(wrongRate === undefined ? {} : { wrongRate }),
    ...(strangers === undefined ? {} : { strangers }),
    ...(asWritten === undefined ? {} : { asWritten }),
  })
  if (cacheFolder !== undefined) await writeCached(cacheFolder, keyOf(options, vectors?.encoder), model)
  return { model, cached: false }
}

const toPrepared = (
  { knowledge, intents, lexicons, encoder, onEncoderLost }: PrepareOptions,
  { model, cached }: Obtained,
): Prepared => {
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
    byMeaning: model.meanings !== undefined,
  }
}

/**
 * Takes the model of this content from the cache, or trains and stores it, and builds the understanding.
 * Training takes seconds, in a process of its own; an encoder has to encode all texts before that.
 */
export const prepareUnderstanding = async (options: PrepareOptions): Promise<Prepared> =>
  toPrepared(options, (await recallModel(options, options.encoder?.version)) ?? (await learnModel(options)))

/**
 * The same as soon as it can be had: from the cache with all its evidence, else by words alone, which needs no encoding.
 */
export const prepareSoon = async (options: PrepareOptions): Promise<Prepared> => {
  const whole = await recallModel(options, options.encoder?.version)
  return whole === undefined
    ? prepareUnderstanding({ ...options, encoder: undefined })
    : toPrepared(options, whole)
}
