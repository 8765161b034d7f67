import { createHash } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { attitudeHeader, headerOfAttitude, readAttitudeTables, tablesOfAttitude } from './attitude-cache.ts'
import { noWeights } from './linear.ts'
import type { UnderstandingModel } from './train.ts'

/** Grows whenever training or the file's layout changes, so that older files are not read. */
const format = 6

const quality = z.object({
  topicAccuracy: z.number(),
  topicError: z.number(),
  answerError: z.number(),
  wrongAnswers: z.number(),
  coverage: z.number(),
})
const numbers = z.array(z.number())
/** Numbers of values in each table, in the order in which they follow the header. */
const sizes = z.object({
  weights: z.number(),
  regression: z.number(),
  bayes: z.number(),
  head: z.number(),
  headMeaning: z.number(),
  shares: z.number(),
  starts: z.number(),
  rivals: z.number(),
  nearStarts: z.number(),
  near: z.number(),
  nearMeaning: z.number(),
  entries: z.number(),
  ends: z.number(),
  terms: z.number(),
  columns: z.number(),
  nearColumns: z.number(),
  meanings: z.number(),
})
const weighing = z.object({ topic: numbers, rival: numbers, candidate: numbers })
const thresholds = z.object({ answer: z.number(), clarify: z.number(), outOfScope: z.number() })

const header = z.object({
  format: z.literal(format),
  topics: z.array(z.string()),
  names: z.array(z.string()),
  articles: z.number(),
  topicOf: numbers,
  rivals: z.array(numbers),
  features: z.array(z.string()),
  rarest: z.number(),
  weighing,
  byWords: z.object({ weighing, thresholds }),
  encoder: z.object({ version: z.string(), dimensions: z.number() }).optional(),
  terms: z.array(z.string()),
  /** Keys of the questions. */
  keys: z.array(z.string()),
  thresholds,
  heldOut: quality,
  labelled: quality,
  attitude: attitudeHeader.optional(),
  sizes,
})
type Header = z.infer<typeof header>

/** What a cached model is known by: everything that training reads, and how it trains. */
export const cacheKey = (parts: readonly (string | number)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([format, ...parts]))
    .digest('hex')
    .slice(0, 24)

const prefix = 'understanding-'
const fileOf = (folder: string, key: string): string => join(folder, `${prefix}${key}.bin`)

const bytesOf = (array: Float32Array | Int32Array | Uint16Array | Int8Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength)

const digestBytes = 32
const digestOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** The questions as three lists of numbers: entry, end of its terms, terms. */
const packQuestions = (questions: UnderstandingModel['questions']) => {
  const known = new Map<string, number>()
  const ends: number[] = []
  const terms: number[] = []
  for (const question of questions) {
    for (const term of question.terms) {
      const at = known.get(term) ?? known.size
      known.set(term, at)
      terms.push(at)
    }
    ends.push(terms.length)
  }
  return {
    words: [...known.keys()],
    entries: Int32Array.from(questions, ({ entry }) => entry),
    ends: Int32Array.from(ends),
    terms: Int32Array.from(terms),
  }
}

const weighingOf = ({ topic, rival, candidate }: UnderstandingModel['weights']): Header['weighing'] => ({
  topic: [...topic],
  rival: [...rival],
  candidate: [...candidate],
})

const weightsOf = ({ topic, rival, candidate }: Header['weighing']): UnderstandingModel['weights'] => ({
  topic: Float64Array.from(topic),
  rival: Float64Array.from(rival),
  candidate: Float64Array.from(candidate),
})

const headerOf = (model: UnderstandingModel, packed: ReturnType<typeof packQuestions>): Header => {
  const { targets, vocabulary, tables, weights, byWords, meanings } = model
  return {
    format,
    topics: [...targets.topics],
    names: [...targets.names],
    articles: targets.articles,
    topicOf: [...targets.topicOf],
    rivals: targets.rivals.map((group) => [...group]),
    features: [...vocabulary.names],
    rarest: vocabulary.rarest,
    weighing: weighingOf(weights),
    byWords: { weighing: weighingOf(byWords.weights), thresholds: byWords.thresholds },
    ...(meanings === undefined
      ? {}
      : { encoder: { version: meanings.encoder, dimensions: meanings.dimensions } }),
    terms: packed.words,
    keys: model.questions.map(({ key }) => key),
    thresholds: model.thresholds,
    heldOut: model.heldOut,
    labelled: model.labelled,
    ...(model.attitude === undefined ? {} : { attitude: headerOfAttitude(model.attitude) }),
    sizes: {
      weights: vocabulary.weights.length,
      regression: tables.regression.values.length,
      bayes: tables.bayes.values.length,
      head: tables.head?.values.length ?? 0,
      headMeaning: tables.head?.meaning.length ?? 0,
      shares: tables.shares.length,
      starts: tables.rivals.starts.length,
      rivals: tables.rivals.values.length,
      nearStarts: tables.near?.starts.length ?? 0,
      near: tables.near?.values.length ?? 0,
      nearMeaning: tables.near?.meaning.length ?? 0,
      entries: packed.entries.length,
      ends: packed.ends.length,
      terms: packed.terms.length,
      columns: tables.rivals.columns.length,
      nearColumns: tables.near?.columns.length ?? 0,
      meanings: meanings?.questions.length ?? 0,
    },
  }
}

/** Writes a model as bytes: SHA-256 of the rest, length of the header, header as JSON, tables. */
export const encodeModel = (model: UnderstandingModel): Buffer => {
  const { vocabulary, tables, meanings, attitude } = model
  const packed = packQuestions(model.questions)
  const json = Buffer.from(JSON.stringify(headerOf(model, packed)))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const rest = Buffer.concat([
    length,
    json,
    bytesOf(vocabulary.weights),
    bytesOf(tables.regression.values),
    bytesOf(tables.bayes.values),
    bytesOf(tables.head?.values ?? noWeights),
    bytesOf(tables.head?.meaning ?? noWeights),
    bytesOf(tables.shares),
    bytesOf(tables.rivals.starts),
    bytesOf(tables.rivals.values),
    bytesOf(tables.near?.starts ?? new Int32Array()),
    bytesOf(tables.near?.values ?? noWeights),
    bytesOf(tables.near?.meaning ?? noWeights),
    ...(attitude === undefined ? [] : tablesOfAttitude(attitude).map(bytesOf)),
    bytesOf(packed.entries),
    bytesOf(packed.ends),
    bytesOf(packed.terms),
    bytesOf(tables.rivals.columns),
    bytesOf(tables.near?.columns ?? new Uint16Array()),
    bytesOf(meanings?.questions ?? new Int8Array()),
  ])
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

/** Reads tables one after the other; copies, because typed arrays need aligned memory. */
const createTaker = (body: Buffer) => {
  let at = 0
  const take = (bytes: number): ArrayBuffer => {
    const part = Uint8Array.from(body.subarray(at, at + bytes))
    at += bytes
    return part.buffer
  }
  return {
    floats: (count: number) => new Float32Array(take(count * 4)),
    integers: (count: number) => new Int32Array(take(count * 4)),
    shorts: (count: number) => new Uint16Array(take(count * 2)),
    small: (count: number) => new Int8Array(take(count)),
  }
}

const unpackQuestions = (
  head: Header,
  entries: Int32Array,
  ends: Int32Array,
  terms: Int32Array,
): UnderstandingModel['questions'] =>
  head.keys.map((key, at) => {
    const own: string[] = []
    for (let place = at === 0 ? 0 : (ends[at - 1] ?? 0); place < (ends[at] ?? 0); place++) {
      own.push(head.terms[terms[place] ?? 0] ?? '')
    }
    return { entry: entries[at] ?? 0, key, terms: own }
  })

const targetsOf = ({ topics, names, articles, topicOf, rivals }: Header): UnderstandingModel['targets'] => ({
  ...{ topics, names, articles },
  topicOf: Int32Array.from(topicOf),
  rivals: rivals.map((group) => Int32Array.from(group)),
})

/** Reads a model; undefined when the bytes are cut, changed or of another layout. */
export const decodeModel = (file: Buffer): UnderstandingModel | undefined => {
  const bytes = file.subarray(digestBytes)
  if (!digestOf(bytes).equals(file.subarray(0, digestBytes))) return undefined
  const head = parseHeader(bytes)
  if (head === undefined) return undefined
  const { sizes: size, byWords, encoder, attitude } = head
  const take = createTaker(bytes.subarray(4 + bytes.readUInt32LE(0)))
  const weights = take.floats(size.weights)
  const regression = take.floats(size.regression)
  const bayes = take.floats(size.bayes)
  const heads = take.floats(size.head)
  const headMeaning = take.floats(size.headMeaning)
  const shares = take.floats(size.shares)
  const starts = take.integers(size.starts)
  const rivals = take.floats(size.rivals)
  const nearStarts = take.integers(size.nearStarts)
  const near = take.floats(size.near)
  const nearMeaning = take.floats(size.nearMeaning)
  const heard = attitude === undefined ? {} : { attitude: readAttitudeTables(attitude, take.floats) }
  const entries = take.integers(size.entries)
  const ends = take.integers(size.ends)
  const terms = take.integers(size.terms)
  const columns = take.shorts(size.columns)
  const nearColumns = take.shorts(size.nearColumns)
  const meanings = take.small(size.meanings)
  return {
    targets: targetsOf(head),
    vocabulary: { names: head.features, weights, rarest: head.rarest },
    tables: {
      regression: { classes: head.topics.length, values: regression, meaning: noWeights },
      bayes: { classes: head.topics.length, values: bayes, meaning: noWeights },
      rivals: { classes: head.names.length, starts, columns, values: rivals, meaning: noWeights },
      shares,
      ...(encoder === undefined
        ? {}
        : {
            head: { classes: head.topics.length, values: heads, meaning: headMeaning },
            near: {
              classes: head.names.length,
              ...{ starts: nearStarts, columns: nearColumns, values: near, meaning: nearMeaning },
            },
          }),
    },
    ...(encoder === undefined
      ? {}
      : { meanings: { encoder: encoder.version, dimensions: encoder.dimensions, questions: meanings } }),
    weights: weightsOf(head.weighing),
    thresholds: head.thresholds,
    byWords: { weights: weightsOf(byWords.weighing), thresholds: byWords.thresholds },
    questions: unpackQuestions(head, entries, ends, terms),
    heldOut: head.heldOut,
    labelled: head.labelled,
    ...heard,
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
export const writeCached = async (
  folder: string,
  key: string,
  model: UnderstandingModel,
): Promise<boolean> => {
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
