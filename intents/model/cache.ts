import { createHash } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { UnderstandingModel } from './train.ts'

/** Grows whenever training or the file's layout changes, so that older files are not read. */
const format = 1

const quality = z.object({
  topicAccuracy: z.number(),
  topicError: z.number(),
  answerError: z.number(),
  wrongAnswers: z.number(),
  coverage: z.number(),
})
const numbers = z.array(z.number())
const sizes = z.object({ weights: z.number(), regression: z.number(), bayes: z.number(), starts: z.number(), columns: z.number(), rivals: z.number() })

const header = z.object({
  format: z.literal(format),
  topics: z.array(z.string()),
  names: z.array(z.string()),
  articles: z.number(),
  topicOf: numbers,
  rivals: z.array(numbers),
  features: z.array(z.string()),
  rarest: z.number(),
  weighing: z.object({ topic: numbers, rival: numbers, candidate: numbers }),
  terms: z.array(z.string()),
  /** Entry, key and terms of each question. */
  questions: z.array(z.tuple([z.number(), z.string(), numbers])),
  thresholds: z.object({ answer: z.number(), clarify: z.number(), outOfScope: z.number() }),
  heldOut: quality,
  labelled: quality,
  sizes,
})
type Header = z.infer<typeof header>

/** What a cached model is known by: everything that training reads, and how it trains. */
export const cacheKey = (parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify([format, ...parts])).digest('hex').slice(0, 24)

const prefix = 'understanding-'
const fileOf = (folder: string, key: string): string => join(folder, `${prefix}${key}.bin`)

const bytesOf = (array: Float32Array | Int32Array | Uint16Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength)

const digestBytes = 32
const digestOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** Writes a model as bytes: SHA-256 of the rest, length of the header, header as JSON, tables. */
export const encodeModel = (model: UnderstandingModel): Buffer => {
  const { targets, vocabulary, tables, weights } = model
  const body = Buffer.concat([
    bytesOf(vocabulary.weights),
    bytesOf(tables.regression.values),
    bytesOf(tables.bayes.values),
    bytesOf(tables.rivals.starts),
    bytesOf(tables.rivals.values),
    bytesOf(tables.rivals.columns),
  ])
  const terms = new Map<string, number>()
  const numberOf = (term: string): number => {
    const known = terms.get(term) ?? terms.size
    terms.set(term, known)
    return known
  }
  const questions = model.questions.map(({ entry, key, terms: own }): [number, string, number[]] => [
    entry,
    key,
    own.map(numberOf),
  ])
  const head: Header = {
    format,
    topics: [...targets.topics],
    names: [...targets.names],
    articles: targets.articles,
    topicOf: [...targets.topicOf],
    rivals: targets.rivals.map((group) => [...group]),
    features: [...vocabulary.names],
    rarest: vocabulary.rarest,
    weighing: { topic: [...weights.topic], rival: [...weights.rival], candidate: [...weights.candidate] },
    terms: [...terms.keys()],
    questions,
    thresholds: model.thresholds,
    heldOut: model.heldOut,
    labelled: model.labelled,
    sizes: {
      weights: vocabulary.weights.length,
      regression: tables.regression.values.length,
      bayes: tables.bayes.values.length,
      starts: tables.rivals.starts.length,
      columns: tables.rivals.columns.length,
      rivals: tables.rivals.values.length,
    },
  }
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const rest = Buffer.concat([length, json, body])
  return Buffer.concat([digestOf(rest), rest])
}

const parseHeader = (bytes: Buffer): Header | undefined => {
  if (bytes.length < 4) return undefined
  try {
    const json: unknown = JSON.parse(bytes.subarray(4, 4 + bytes.readUInt32LE(0)).toString('utf8'))
    const checked = header.safeParse(json)
    return checked.success ? checked.data : undefined
  } catch {
    return undefined
  }
}

/** Reads a model; undefined when the bytes are cut, changed or of another layout. */
export const decodeModel = (file: Buffer): UnderstandingModel | undefined => {
  const bytes = file.subarray(digestBytes)
  if (!digestOf(bytes).equals(file.subarray(0, digestBytes))) return undefined
  const head = parseHeader(bytes)
  if (head === undefined) return undefined
  const body = bytes.subarray(4 + bytes.readUInt32LE(0))
  let at = 0
  // Copies, because typed arrays need aligned memory.
  const take = (count: number, width: number): ArrayBuffer => {
    const part = Uint8Array.from(body.subarray(at, at + count * width))
    at += count * width
    return part.buffer
  }
  const floats = (count: number): Float32Array => new Float32Array(take(count, 4))
  const { sizes: size, weighing } = head
  const weights = floats(size.weights)
  const regression = floats(size.regression)
  const bayes = floats(size.bayes)
  const starts = new Int32Array(take(size.starts, 4))
  const rivals = floats(size.rivals)
  const columns = new Uint16Array(take(size.columns, 2))
  return {
    targets: {
      topics: head.topics,
      names: head.names,
      articles: head.articles,
      topicOf: Int32Array.from(head.topicOf),
      rivals: head.rivals.map((group) => Int32Array.from(group)),
    },
    vocabulary: { names: head.features, weights, rarest: head.rarest },
    tables: {
      regression: { classes: head.topics.length, values: regression },
      bayes: { classes: head.topics.length, values: bayes },
      rivals: { classes: head.names.length, starts, columns, values: rivals },
    },
    weights: {
      topic: Float64Array.from(weighing.topic),
      rival: Float64Array.from(weighing.rival),
      candidate: Float64Array.from(weighing.candidate),
    },
    questions: head.questions.map(([entry, key, own]) => ({ entry, key, terms: own.map((term) => head.terms[term] ?? '') })),
    thresholds: head.thresholds,
    heldOut: head.heldOut,
    labelled: head.labelled,
  }
}

/** Finds a cached model; undefined when there is none that can be used. */
export const readCached = async (folder: string, key: string): Promise<UnderstandingModel | undefined> => {
  const bytes = await readFile(fileOf(folder, key)).catch(() => undefined)
  return bytes === undefined ? undefined : decodeModel(bytes)
}

/** Older models that are kept, so that undoing an edit is quick. */
const keptFiles = 4

const prune = async (folder: string, current: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith('.bin'))
  const others = names.filter((name) => name !== current)
  if (others.length < keptFiles) return
  const dated = await Promise.all(
    others.map(async (name) => {
      const handle = await open(join(folder, name)).catch(() => undefined)
      const changed = handle === undefined ? 0 : (await handle.stat()).mtimeMs
      await handle?.close()
      return { name, changed }
    }),
  )
  const old = dated.sort((a, b) => b.changed - a.changed).slice(keptFiles - 1)
  await Promise.all(old.map(({ name }) => unlink(join(folder, name)).catch(() => undefined)))
}

/** Stores a model, whole or not at all. A folder that cannot be written costs a training at the next start, no more. */
export const writeCached = async (folder: string, key: string, model: UnderstandingModel): Promise<boolean> => {
  const path = fileOf(folder, key)
  const draft = `${path}.${process.pid}.tmp`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(draft, encodeModel(model))
    await rename(draft, path)
    await prune(folder, `${prefix}${key}.bin`)
    return true
  } catch {
    await unlink(draft).catch(() => undefined)
    return false
  }
}
