import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Encoder } from '../core/encoder.ts'
import type { Logger } from '../core/log.ts'

/** Where vectors are kept, and under which name. */
export interface KeptVectorsOptions {
  readonly encoder: Encoder
  /** The folder of caches; made when absent. One that cannot be written costs an encoding at the next start, no more. */
  readonly folder: string
  /** Which texts these are: letters, digits and hyphens. There is one file for each name and encoder. */
  readonly name: string
  readonly log: Logger
}

/** Vectors by the keys of their texts. */
type Known = ReadonlyMap<string, Float32Array>

/** Grows whenever the layout changes, so that older files are not read. */
const format = 1
const digestBytes = 32
const headerBytes = 12
const keyBytes = 16
/** Texts that are encoded before what is done is written, so that an interrupted start loses little. */
const portion = 2_000
/** Files of other encoders that are kept, so that going back is quick. */
const keptFiles = 2

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()
const keyOf = (text: string): string => sha256(text).toString('latin1', 0, keyBytes)

/** SHA-256 of the rest; format, vectors, numbers in each; the keys of the texts; the numbers. */
const pack = (known: Known, dimensions: number): Buffer => {
  const rest = Buffer.alloc(headerBytes + known.size * (keyBytes + dimensions * 4))
  for (const [place, value] of [format, known.size, dimensions].entries())
    rest.writeUInt32LE(value, place * 4)
  let at = headerBytes
  for (const key of known.keys()) at += rest.write(key, at, 'latin1')
  for (const vector of known.values()) {
    rest.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at)
    at += vector.byteLength
  }
  return Buffer.concat([sha256(rest), rest])
}

/** Reads what `pack` wrote; undefined when the bytes are cut, changed or of another layout. */
const unpack = (bytes: Buffer, dimensions: number): Known | undefined => {
  const rest = bytes.subarray(digestBytes)
  if (rest.length < headerBytes || !sha256(rest).equals(bytes.subarray(0, digestBytes))) return undefined
  const count = rest.readUInt32LE(4)
  if (rest.readUInt32LE(0) !== format || rest.readUInt32LE(8) !== dimensions) return undefined
  // A copy, because numbers need aligned memory; the vectors are views of it.
  const numbers = new Float32Array(Uint8Array.from(rest.subarray(headerBytes + count * keyBytes)).buffer)
  const known = new Map<string, Float32Array>()
  for (let place = 0; place < count; place++) {
    const at = headerBytes + place * keyBytes
    known.set(
      rest.toString('latin1', at, at + keyBytes),
      numbers.subarray(place * dimensions, (place + 1) * dimensions),
    )
  }
  return known
}

const prefixOf = (name: string): string => `vectors-${name}-`
const fileOf = ({ encoder, name }: KeptVectorsOptions): string =>
  `${prefixOf(name)}${sha256(encoder.version).toString('hex', 0, 8)}.bin`

const prune = async ({ folder, name }: KeptVectorsOptions, current: string): Promise<void> => {
  const others = (await readdir(folder)).filter(
    (file) => file.startsWith(prefixOf(name)) && file.endsWith('.bin') && file !== current,
  )
  const dated = await Promise.all(
    others.map(async (file) => ({ file, changed: (await stat(join(folder, file))).mtimeMs })),
  )
  const old = dated.sort((one, other) => other.changed - one.changed).slice(keptFiles)
  await Promise.all(old.map(({ file }) => unlink(join(folder, file)).catch(() => undefined)))
}

/** Whole or not at all. */
const write = async (options: KeptVectorsOptions, known: Known): Promise<void> => {
  const { folder, encoder, log } = options
  const file = fileOf(options)
  const draft = join(folder, `${file}.${String(process.pid)}.tmp`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(draft, pack(known, encoder.dimensions))
    await rename(draft, join(folder, file))
    await prune(options, file)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    log.warn({ folder, error }, 'vectors could not be kept; they are made again at the next start')
  }
}

const read = async (options: KeptVectorsOptions): Promise<Known> => {
  const { folder, encoder, log } = options
  const path = join(folder, fileOf(options))
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) return new Map()
  const known = unpack(bytes, encoder.dimensions)
  if (known === undefined) log.warn({ file: path }, 'kept vectors are damaged and made again')
  return known ?? new Map<string, Float32Array>()
}

/**
 * Vectors of very many texts in their order, most of them from a file that outlives restarts; only what is not in it is
 * encoded. The file then holds these texts and no others. Rejects as `encode` does.
 */
export const encodeKept = async (
  options: KeptVectorsOptions,
  texts: readonly string[],
): Promise<readonly Float32Array[]> => {
  const startedAt = performance.now()
  const keys = texts.map(keyOf)
  const kept = await read(options)
  const known = new Map<string, Float32Array>()
  const missing = new Map<string, string>()
  for (const [place, text] of texts.entries()) {
    const key = keys[place] ?? ''
    const vector = kept.get(key)
    if (vector === undefined) missing.set(key, text)
    else known.set(key, vector)
  }
  const waiting = [...missing]
  let written = Promise.resolve()
  for (let at = 0; at < waiting.length; at += portion) {
    const part = waiting.slice(at, at + portion)
    const vectors = await options.encoder.encode(part.map(([, text]) => text))
    for (const [place, [key]] of part.entries()) {
      const vector = vectors[place]
      if (vector !== undefined) known.set(key, vector)
    }
    await written
    // While the next ones are encoded.
    written = write(options, known)
  }
  await written
  const ms = Math.round(performance.now() - startedAt)
  options.log.info(
    { name: options.name, texts: texts.length, encoded: missing.size, ms },
    'vectors are ready',
  )
  return keys.flatMap((key) => known.get(key) ?? [])
}
