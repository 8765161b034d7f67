/** Makes a mail say its character sets truly, so that a standard parser reads what was written. */
import { chooseDecoder, decodeHeaderBytes, decoderOf } from './charset.ts'
import type { MimePart } from './tree.ts'
import { headerOf, ownParts, parameterOf } from './tree.ts'

/** A replacement in the raw text. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/[ \t]+(?=\r?\n)/g, '')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

/** The bytes of a part as they were before their transfer. */
export const bodyOf = (raw: string, part: MimePart): Buffer => {
  const body = raw.slice(part.bodyStart, part.bodyEnd)
  const transfer = (headerOf(part, 'content-transfer-encoding') ?? '').trim().toLowerCase()
  if (transfer === 'base64') return Buffer.from(body, 'base64')
  return transfer === 'quoted-printable' ? quotedPrintable(body) : Buffer.from(body, 'latin1')
}

const toBinary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** `=?gb2312?` and `gb2312''` (RFC 2047, RFC 2231), by the names their decoders have. */
const repairLabels = (line: string): string =>
  line
    .replace(/=\?([\w.:-]{1,40})(?=(?:\*[\w-]{1,20})?\?[bq]\?)/gi, (whole, label: string) => {
      const decoder = decoderOf(label)
      return decoder === undefined ? whole : `=?${decoder}`
    })
    .replace(/(\*\d{0,3}\*?=)([\w.:-]{1,40})(?='[\w-]{0,20}')/g, (whole, before: string, label: string) => {
      const decoder = decoderOf(label)
      return decoder === undefined ? whole : `${before}${decoder}`
    })

const repairLine = (line: string): string => {
  // eslint-disable-next-line no-control-regex -- bytes of a header, where ASCII is what is allowed
  const readable = /[^\x00-\x7f]/.test(line) ? toBinary(decodeHeaderBytes(line)) : line
  return repairLabels(readable)
}

const withCharset = (contentType: string, charset: string): string => {
  const rest = contentType.replace(/;\s*charset\s*=\s*(?:"[^"]*"|[^\s;"]*)/gi, '').replace(/[;\s]+$/, '')
  return `Content-Type: ${rest === '' ? 'text/plain' : rest}; charset=${charset}\r\n`
}

const charsetEdit = (raw: string, part: MimePart): Edit | undefined => {
  if (!part.type.startsWith('text/') || part.children.length > 0) return undefined
  const label = parameterOf(part.contentType, 'charset') ?? ''
  const text = withCharset(repairLine(part.contentType), chooseDecoder(label, bodyOf(raw, part)))
  const line = part.headers.find(({ name }) => name === 'content-type')
  return line === undefined
    ? { start: part.start, end: part.start, text }
    : { start: line.start, end: line.end, text }
}

/** A mail with the same content whose labels are right and whose headers are UTF-8 or ASCII. */
export const repair = (raw: string, root: MimePart): string => {
  const edits: Edit[] = []
  for (const part of ownParts(root)) {
    const charset = charsetEdit(raw, part)
    if (charset !== undefined) edits.push(charset)
    for (const { start, end } of part.headers) {
      const line = raw.slice(start, end)
      const text = repairLine(line)
      if (text !== line && start !== charset?.start) edits.push({ start, end, text })
    }
  }
  edits.sort((one, other) => one.start - other.start || one.end - other.end)
  const pieces: string[] = []
  let at = 0
  for (const { start, end, text } of edits) {
    pieces.push(raw.slice(at, start), text)
    at = end
  }
  pieces.push(raw.slice(at))
  return pieces.join('')
}
