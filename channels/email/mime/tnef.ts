/**
 * What Outlook packs into winmail.dat: files and words. Reads slices of the given bytes within bounds and makes
 * nothing larger than them; what is damaged anywhere is not read at all.
 * Sources: MS-OXTNEF (attributes, encoded properties), MS-OXPROPS (property ids).
 */
import iconv from 'iconv-lite'
import { decoderOf, guessDecoder } from './charset.ts'

/** A file found inside. */
export interface TnefFile {
  readonly name?: string
  readonly declaredType: string
  readonly bytes: Uint8Array
  readonly cid?: string
}

/** What was packed. */
export interface Tnef {
  readonly files: readonly TnefFile[]
  readonly text: string
  readonly html: string
}

const limits = { attributes: 5_000, properties: 5_000, depth: 3 } as const

/** What all packets of one mail may give together. */
export const tnefBudget = { files: 100, bytes: 26_214_400 } as const
export type TnefBudget = { readonly [Limit in keyof typeof tnefBudget]: number }
const signature = 0x22_3e_9f_78

/** Attributes by their ids, which hold their types. */
const attribute = {
  body: 0x0002_800c,
  codepage: 0x0006_9007,
  properties: 0x0006_9003,
  fileBegins: 0x0006_9002,
  fileTitle: 0x0001_8010,
  fileData: 0x0006_800f,
  fileProperties: 0x0006_9005,
} as const

const property = {
  body: 0x1000,
  html: 0x1013,
  data: 0x3701,
  fileName: 0x3704,
  longFileName: 0x3707,
  mimeType: 0x370e,
  contentId: 0x3712,
} as const

/** Sizes of values that have one; those shorter than four bytes are padded to it. */
const fixed: ReadonlyMap<number, number> = new Map([
  [0x0001, 4],
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
])
const unicode = 0x001f
const object = 0x000d
const variable: ReadonlySet<number> = new Set([0x001e, unicode, object, 0x0102])

class Damaged extends Error {}

/** Reads forward; beyond the end is damage. */
const createReader = (bytes: Buffer) => {
  let at = 0
  const take = (size: number): Buffer => {
    if (size > bytes.length - at) throw new Damaged()
    at += size
    return bytes.subarray(at - size, at)
  }
  const u32 = (): number => take(4).readUInt32LE()
  return {
    take,
    u8: () => take(1).readUInt8(),
    u16: () => take(2).readUInt16LE(),
    u32,
    /** A length and as many bytes, padded to four. */
    padded: (): Buffer => {
      const value = take(u32())
      take((4 - (value.length % 4)) % 4)
      return value
    },
    isAtEnd: () => at === bytes.length,
  }
}
type Reader = ReturnType<typeof createReader>

const withoutNul = (text: string): string => text.replace(/\0[\s\S]*$/, '')

/** Text in a code page; without a known one the bytes are asked. */
const narrow = (bytes: Buffer, codepage: string | undefined): string =>
  withoutNul(iconv.decode(bytes, codepage ?? guessDecoder(bytes)))

interface Value {
  readonly type: number
  readonly bytes: Buffer
}

const readValue = (reader: Reader, type: number): Buffer => {
  const size = fixed.get(type)
  if (size !== undefined) return reader.take(size)
  if (variable.has(type)) return reader.padded()
  throw new Damaged()
}

/** The first value of one property. */
const readProperty = (reader: Reader): { readonly id: number; readonly value: Value } => {
  const given = reader.u16()
  const type = given & 0x0fff
  const id = reader.u16()
  if (id >= 0x8000) {
    reader.take(16)
    if (reader.u32() === 0) reader.take(4)
    else reader.padded()
  }
  const counted = (given & 0x1000) !== 0 || variable.has(type)
  const count = counted ? reader.u32() : 1
  if (count > limits.properties) throw new Damaged()
  const [first = Buffer.alloc(0)] = Array.from({ length: count }, () => readValue(reader, type))
  return { id, value: { type, bytes: first } }
}

const readProperties = (bytes: Buffer): ReadonlyMap<number, Value> => {
  const reader = createReader(bytes)
  const count = reader.u32()
  if (count > limits.properties) throw new Damaged()
  const found = new Map<number, Value>()
  for (let n = 0; n < count; n += 1) {
    const { id, value } = readProperty(reader)
    if (!found.has(id)) found.set(id, value)
  }
  return found
}

const textOf = (value: Value | undefined, codepage: string | undefined): string => {
  if (value === undefined) return ''
  return value.type === unicode ? withoutNul(value.bytes.toString('utf16le')) : narrow(value.bytes, codepage)
}

/** A file under way: its attributes come one after another. */
interface Draft {
  title: Buffer | undefined
  data: Buffer | undefined
  properties: ReadonlyMap<number, Value>
}

interface State {
  codepage: string | undefined
  body: Buffer | undefined
  properties: ReadonlyMap<number, Value>
  readonly drafts: Draft[]
}

const readAttribute = (state: State, id: number, data: Buffer): void => {
  const draft = state.drafts.at(-1)
  switch (id) {
    case attribute.codepage:
      state.codepage = data.length >= 4 ? decoderOf(`cp${data.readUInt32LE()}`) : undefined
      return
    case attribute.body:
      state.body = data
      return
    case attribute.properties:
      state.properties = readProperties(data)
      return
    case attribute.fileBegins:
      if (state.drafts.length >= tnefBudget.files) throw new Damaged()
      state.drafts.push({ title: undefined, data: undefined, properties: new Map() })
      return
    case attribute.fileTitle:
      if (draft !== undefined) draft.title = data
      return
    case attribute.fileData:
      if (draft !== undefined) draft.data = data
      return
    case attribute.fileProperties:
      if (draft !== undefined) draft.properties = readProperties(data)
      return
    default:
  }
}

const sumOf = (bytes: Buffer): number => {
  let sum = 0
  for (const byte of bytes) sum += byte
  return sum % 65_536
}

/** A value of type object begins with the id of its interface. */
const contentOf = ({ data, properties }: Draft): Buffer | undefined => {
  const value = properties.get(property.data)
  if (value === undefined) return data
  return value.type === object ? value.bytes.subarray(16) : value.bytes
}

const filesOf = (draft: Draft, codepage: string | undefined, depth: number): readonly TnefFile[] => {
  const bytes = contentOf(draft)
  if (bytes === undefined || bytes.length === 0) return []
  // A mail inside the mail: its files are wanted as well.
  if (isTnef(bytes)) return read(bytes, depth + 1).files
  const said = (id: number): string => textOf(draft.properties.get(id), codepage)
  const name =
    said(property.longFileName) ||
    (draft.title === undefined ? '' : narrow(draft.title, codepage)) ||
    said(property.fileName)
  const cid = said(property.contentId).replace(/[<>\s]/g, '')
  return [
    {
      declaredType: said(property.mimeType) || 'application/octet-stream',
      bytes: new Uint8Array(bytes),
      ...(name === '' ? {} : { name }),
      ...(cid === '' ? {} : { cid }),
    },
  ]
}

const read = (bytes: Buffer, depth: number): Tnef => {
  if (depth > limits.depth) throw new Damaged()
  const reader = createReader(bytes)
  if (reader.u32() !== signature) throw new Damaged()
  reader.u16()
  const state: State = { codepage: undefined, body: undefined, properties: new Map(), drafts: [] }
  for (let n = 0; !reader.isAtEnd(); n += 1) {
    if (n > limits.attributes) throw new Damaged()
    reader.u8()
    const id = reader.u32()
    const data = reader.take(reader.u32())
    if (reader.u16() !== sumOf(data)) throw new Damaged()
    readAttribute(state, id, data)
  }
  const { codepage, body, properties, drafts } = state
  const files = drafts.flatMap((draft) => filesOf(draft, codepage, depth))
  return {
    files,
    text:
      textOf(properties.get(property.body), codepage) || (body === undefined ? '' : narrow(body, codepage)),
    html: textOf(properties.get(property.html), undefined),
  }
}

/** Whether bytes are of this format. */
export const isTnef = (bytes: Uint8Array): boolean =>
  bytes.byteLength > 6 && Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32LE() === signature

const isWithin = ({ files }: Tnef, budget: TnefBudget): boolean =>
  files.length <= budget.files &&
  files.reduce((total, { bytes }) => total + bytes.byteLength, 0) <= budget.bytes

/** What is packed inside; undefined when it is damaged, holds neither files nor words, or more than is left. */
export const unpackTnef = (bytes: Uint8Array, budget: TnefBudget = tnefBudget): Tnef | undefined => {
  try {
    const found = read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 1)
    const isEmpty = found.files.length === 0 && found.text === '' && found.html === ''
    return isEmpty || !isWithin(found, budget) ? undefined : found
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
}
