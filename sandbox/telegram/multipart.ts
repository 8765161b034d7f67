/**
 * Reads `multipart/form-data` as forgivingly as the Bot API server: clients write file names without quotes, which
 * stricter readers refuse.
 */
export interface FormFile {
  readonly bytes: Uint8Array
  readonly name: string
  readonly contentType: string
}

/** A form's texts and files by their names. */
export interface Form {
  readonly params: Readonly<Record<string, string>>
  readonly files: ReadonlyMap<string, FormFile>
}

const breakLine = Buffer.from('\r\n')

const unquote = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1')

const readPart = (
  part: Buffer,
): { name: string; fileName?: string; contentType: string; bytes: Buffer } | undefined => {
  const end = part.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = part.subarray(0, end).toString('utf8')
  const name = /;\s*name=("[^"]*"|[^;\r\n]*)/i.exec(head)?.[1]
  const fileName = /;\s*filename=("[^"]*"|[^\r\n]*)/i.exec(head)?.[1]
  const contentType = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? ''
  if (name === undefined) return undefined
  const bytes = part.subarray(end + 4)
  const file = fileName === undefined ? {} : { fileName: unquote(fileName) }
  return { name: unquote(name), contentType, bytes, ...file }
}

/** The pieces between the boundaries, their line breaks at both ends taken off. */
const split = (body: Buffer, boundary: string): readonly Buffer[] => {
  const mark = Buffer.from(`--${boundary}`)
  const pieces: Buffer[] = []
  let at = body.indexOf(mark)
  while (at !== -1) {
    const from = at + mark.length + breakLine.length
    const next = body.indexOf(mark, from)
    if (next !== -1) pieces.push(body.subarray(from, next - breakLine.length))
    at = next
  }
  return pieces
}

/** Reads a form; undefined when the content type names no boundary. */
export const readMultipart = (contentType: string, body: Buffer): Form | undefined => {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined) return undefined
  const params: Record<string, string> = {}
  const files = new Map<string, FormFile>()
  for (const piece of split(body, boundary)) {
    const part = readPart(piece)
    if (part === undefined) continue
    const { name, fileName, contentType: type, bytes } = part
    if (fileName === undefined) params[name] = bytes.toString('utf8')
    else files.set(name, { bytes: new Uint8Array(bytes), name: fileName, contentType: type })
  }
  return { params, files }
}
