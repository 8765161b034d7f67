import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { KeptSpace, SuggestionVectors } from '../core/suggestions.ts'
import {
  createWordVectors,
  enterSpace,
  learnSpace,
  matterOf,
  wordDimensions,
  type OpenSpace,
} from '../feedback/index.ts'
import type { Reading } from './content.ts'
import type { Parts } from './parts.ts'

/** From which likeness on things belong together, by meaning and by words alone. */
export interface JoinsAt {
  readonly meaning: number
  readonly words: number
}

interface SpaceOptions {
  readonly encoder: Encoder | undefined
  /** From which likeness on things belong together. */
  readonly joinsAt: JoinsAt
  /** An encoder is configured, whether or not it works at the moment. */
  readonly wantsEncoder: boolean
  /** How texts are read now. */
  readonly reading: () => Reading
  readonly vectors: Pick<SuggestionVectors, 'space' | 'keepSpace'>
  readonly clock: Clock
  readonly log: Logger
}

const byWords = 'words'
const encodedAtOnce = 500

const meaningData = z.object({ mean: z.base64(), factor: z.base64() })
const wordsData = z.object({ groups: z.array(z.array(z.string())) })

const packFloats = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')
const unpackFloats = (packed: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)

/** Learns from the wordings of each article which directions matter. */
const learnMeaning = async (encoder: Encoder, groups: Reading['wordings']): Promise<unknown> => {
  const texts = groups.flat()
  const encoded: Float32Array[] = []
  for (let at = 0; at < texts.length; at += encodedAtOnce)
    encoded.push(...(await encoder.encode(texts.slice(at, at + encodedAtOnce))))
  let at = 0
  const vectors = groups.map((own) => encoded.slice(at, (at += own.length)))
  const { mean, factor } = learnSpace(vectors, encoder.dimensions)
  return { mean: packFloats(mean), factor: packFloats(factor) }
}

/** A space, before it is said what belongs together in it. */
type Entered = Omit<OpenSpace, 'joinsAt'>

const openMeaning = (
  { id, dimensions, data }: KeptSpace,
  encoder: Encoder,
  { normalise }: Reading,
): Entered => {
  const { mean, factor } = meaningData.parse(data)
  const enter = enterSpace({ dimensions, mean: unpackFloats(mean), factor: unpackFloats(factor) })
  return {
    ...{ id, dimensions },
    vectorsOf: async (texts) =>
      (await encoder.encode(texts.map((text) => matterOf(normalise(text))))).map(enter),
  }
}

const openWords = ({ id, dimensions, data }: KeptSpace, { normalise, wordsOf }: Reading): Entered => {
  const vectorOf = createWordVectors(wordsData.parse(data).groups, wordsOf)
  return {
    ...{ id, dimensions },
    vectorsOf: (texts) => Promise.resolve(texts.map((text) => vectorOf(matterOf(normalise(text))))),
  }
}

/**
 * Opens the space in which suggestions are compared. It is learned once for each encoder and kept with the themes; with
 * another encoder all vectors are made anew. Throws `encoder_unavailable` while the configured one is away: themes made
 * by words meanwhile would have to be made anew again.
 */
const createOpenSpace = (options: SpaceOptions): (() => Promise<OpenSpace>) => {
  const { encoder, wantsEncoder, joinsAt, reading, vectors, clock, log } = options
  let open: OpenSpace | undefined

  const learn = async (maker: string): Promise<KeptSpace | undefined> => {
    const { wordings } = reading()
    log.info({ maker, articles: wordings.length }, 'a space for suggestions is learned from the articles')
    const data =
      encoder === undefined
        ? { groups: wordings.map((texts) => texts.map(matterOf)) }
        : await learnMeaning(encoder, wordings)
    const dimensions = encoder?.dimensions ?? wordDimensions
    await vectors.keepSpace({ id: uuid(), maker, dimensions, data }, clock.now())
    // Another node may have been faster or slower: the newest counts for both.
    return vectors.space()
  }

  return async () => {
    if (encoder === undefined && wantsEncoder)
      throw new TongdaError(
        'encoder_unavailable',
        'suggestions are not sorted into themes while the encoder is away; see why at the start of the log',
      )
    const maker = encoder?.version ?? byWords
    const newest = await vectors.space()
    const kept = newest?.maker === maker ? newest : await learn(maker)
    if (kept === undefined) throw new Error('a space was kept and is not there')
    if (open?.id !== kept.id)
      open =
        encoder === undefined
          ? { ...openWords(kept, reading()), joinsAt: joinsAt.words }
          : { ...openMeaning(kept, encoder, reading()), joinsAt: joinsAt.meaning }
    return open
  }
}

/** The space of this node. */
export const openSpaceOf = (
  { config, clock, log, stores, content, encoder }: Parts,
  joins: JoinsAt,
): (() => Promise<OpenSpace>) =>
  createOpenSpace({
    ...{ encoder, vectors: stores.suggestionVectors, clock, log, reading: () => content.reading() },
    ...{ joinsAt: joins, wantsEncoder: config.encoder.model !== 'none' },
  })
