import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { loadLexicons } from '../../intents/index.ts'
import type { EvalTools } from '../../src/app/eval/tools.ts'
import type { Encoder } from '../../src/core/encoder.ts'
import { silentLog } from '../../src/core/log.ts'
import { encodeKept, openEncoder, readModelFolder } from '../../src/encoder/index.ts'

/** The product in one of its forms. */
export interface System {
  readonly title: string
  /** What it reads the texts of a set with; the set's name says which file keeps their vectors. */
  readonly toolsFor: (set: string) => EvalTools
  /** Milliseconds spent on encoding very many texts so far. */
  readonly encodingMs: () => number
  stop(): Promise<void>
}

const product = 'Tongda'
const root = join(import.meta.dirname, '../..')
const shipped = join(root, 'models/tongda-encoder-zh')
/** Vectors of what is learned from are kept here between runs, by the version of the encoder. */
const cacheFolder = join(tmpdir(), 'tongda-bench')
/** As many texts at once are what one message asks for: they are always encoded, so that its time is true. */
const mostAtOnce = 8
const fix = 'name a folder that tongda models pull made'

const withEncoder = async (
  title: string,
  folder: string,
  lexicons: EvalTools['lexicons'],
): Promise<System> => {
  const encoder = await openEncoder({ model: await readModelFolder(folder, fix), log: silentLog })
  let spentMs = 0
  const kept = async (name: string, texts: readonly string[]): Promise<readonly Float32Array[]> => {
    const started = performance.now()
    const vectors = await encodeKept({ encoder, folder: cacheFolder, name, log: silentLog }, texts)
    spentMs += performance.now() - started
    return vectors
  }
  const encoderFor = (set: string): Encoder => ({
    version: encoder.version,
    dimensions: encoder.dimensions,
    encode: (texts) => (texts.length <= mostAtOnce ? encoder.encode(texts) : kept(set, texts)),
    stop: () => Promise.resolve(),
  })
  return {
    title,
    toolsFor: (set) => ({ lexicons, encoder: encoderFor(set) }),
    encodingMs: () => spentMs,
    stop: () => encoder.stop(),
  }
}

/** The product with the encoder that ships and by words alone; with `teacher`, a model's folder, with that one, too. */
export const openSystems = async (teacher?: string): Promise<readonly System[]> => {
  const { lexicons } = await loadLexicons(join(root, 'intents/lexicon'))
  const byWords: System = {
    title: `${product}, words`,
    toolsFor: () => ({ lexicons }),
    encodingMs: () => 0,
    stop: () => Promise.resolve(),
  }
  return [
    await withEncoder(product, shipped, lexicons),
    ...(teacher === undefined
      ? []
      : [await withEncoder(`${product}, ${basename(teacher)}`, teacher, lexicons)]),
    byWords,
  ]
}
