/** A mail's parts with their places in the raw text, found in one bounded walk before any other parser sees it. */
import { MailFault } from './fault.ts'

/** Bounds of a mail. */
export const mimeLimits = {
  bytes: 26_214_400,
  parts: 200,
  depth: 20,
  headerBytes: 262_144,
  headers: 2_000,
} as const

/** Longest Content-Type that is read; no real one comes near. */
const maxContentType = 8_192

/** One header line, unfolded, as bytes (Latin-1), with its place in the raw text. */
export interface HeaderLine {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
}

/** One part: headers, and where its body lies in the raw text. */
export interface MimePart {
  readonly headers: readonly HeaderLine[]
  /** Lower case; `text/plain` when nothing is said. */
  readonly type: string
  /** The value of Content-Type, empty when there is none. */
  readonly contentType: string
  readonly start: number
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly children: readonly MimePart[]
}

/** A parameter of a structured header, unquoted. */
export const parameterOf = (value: string, name: string): string | undefined => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(value)
  return found === null ? undefined : (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1')
}

/** The first header of this name. */
export const headerOf = ({ headers }: Pick<MimePart, 'headers'>, name: string): string | undefined =>
  headers.find((header) => header.name === name)?.value

const fieldName = /^([!-9;-~]{1,200})[ \t]*:/

/** Reads the header block at `start`; what is no header line ends it, as mail programs do. */
const readHeaders = (raw: string, start: number, end: number) => {
  const headers: HeaderLine[] = []
  let at = start
  while (at < end) {
    let next = raw.indexOf('\n', at) + 1
    if (next === 0 || next > end) next = end
    const first = raw.slice(at, next).replace(/\r?\n$/, '')
    if (first === '') return { headers, bodyStart: next }
    const name = fieldName.exec(first.slice(0, 210))?.[1]
    // The body began without a blank line.
    if (name === undefined && !/^From |^>From /.test(first)) return { headers, bodyStart: at }
    while (next < end && (raw[next] === ' ' || raw[next] === '\t')) {
      const after = raw.indexOf('\n', next) + 1
      next = after === 0 || after > end ? end : after
    }
    if (next - start > mimeLimits.headerBytes || headers.length > mimeLimits.headers)
      throw new MailFault('headers_too_large')
    if (name !== undefined) {
      const value = raw.slice(at + name.length, next).replace(/^[ \t]*:/, '')
      const unfolded = value.replace(/\r?\n(?=[ \t])/g, '').replace(/\r?\n$/, '')
      headers.push({ name: name.toLowerCase(), value: unfolded.trim(), start: at, end: next })
    }
    at = next
  }
  return { headers, bodyStart: end }
}

/** Where the parts between `--boundary` lines begin and end. */
const splitAt = (raw: string, boundary: string, start: number, end: number) => {
  const pieces: { start: number; end: number }[] = []
  const mark = `--${boundary}`
  let open: number | undefined
  for (let at = raw.indexOf(mark, start); at !== -1 && at < end; at = raw.indexOf(mark, at + 1)) {
    if (at !== start && raw[at - 1] !== '\n') continue
    const lineEnd = raw.indexOf('\n', at)
    const rest = raw.slice(at + mark.length, lineEnd === -1 ? end : lineEnd).trimEnd()
    if (rest !== '' && rest !== '--') continue
    if (open !== undefined)
      pieces.push({ start: open, end: Math.max(open, at - (raw[at - 2] === '\r' ? 2 : 1)) })
    open = lineEnd === -1 || lineEnd > end ? end : lineEnd + 1
    if (rest === '--') return pieces
    if (pieces.length > mimeLimits.parts) throw new MailFault('too_many_parts')
  }
  // Cut off on its way: what came is kept.
  if (open !== undefined && open < end) pieces.push({ start: open, end })
  return pieces
}

const encoded = /^(?:base64|quoted-printable)$/i

/** Walks a raw mail (Latin-1, one character a byte). Throws `MailFault` beyond the limits. */
export const readTree = (raw: string): MimePart => {
  let parts = 0
  const walk = (start: number, end: number, depth: number): MimePart => {
    parts += 1
    if (parts > mimeLimits.parts) throw new MailFault('too_many_parts')
    if (depth > mimeLimits.depth) throw new MailFault('too_deep')
    const { headers, bodyStart } = readHeaders(raw, start, end)
    const contentType = (headerOf({ headers }, 'content-type') ?? '').slice(0, maxContentType)
    const type = /^[^\s;]*/.exec(contentType)?.[0]?.toLowerCase() || 'text/plain'
    const transfer = headerOf({ headers }, 'content-transfer-encoding') ?? ''
    const boundary = type.startsWith('multipart/') ? parameterOf(contentType, 'boundary') : undefined
    const inner =
      type === 'message/rfc822' && !encoded.test(transfer.trim())
        ? [{ start: bodyStart, end }]
        : boundary === undefined || boundary === ''
          ? []
          : splitAt(raw, boundary, bodyStart, end)
    const children = inner.map((piece) => walk(piece.start, piece.end, depth + 1))
    return { headers, type, contentType, start, bodyStart, bodyEnd: end, children }
  }
  return walk(0, raw.length, 0)
}

/** All parts of a mail in order, those of forwarded mails left out. */
export const ownParts = function* (part: MimePart): Generator<MimePart> {
  yield part
  if (part.type !== 'message/rfc822') for (const child of part.children) yield* ownParts(child)
}
