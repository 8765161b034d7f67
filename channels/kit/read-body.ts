import { Refusal } from './refusal.ts'

/**
 * Reads a request's body, giving up as soon as it is longer than `maxBytes`.
 * Throws `Refusal` `too_large`, `unsupported_encoding` (compressed bodies) or `malformed` (the connection broke).
 */
export const readBody = async (request: Request, maxBytes: number): Promise<Uint8Array> => {
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.trim().toLowerCase() !== 'identity') throw new Refusal('unsupported_encoding', 'compressed')
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new Refusal('too_large', 'body')
  if (request.body === null) return new Uint8Array()
  const read = await readLimited(request.body, maxBytes).catch(() => {
    throw new Refusal('malformed', 'body_incomplete')
  })
  if (read === undefined) throw new Refusal('too_large', 'body')
  return read
}

/** Reads a stream to its end; undefined, and no more of it is read, once it is longer than `maxBytes`. */
export const readLimited = async (
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> => {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, bytes)
    bytes += value.byteLength
    if (bytes > maxBytes) {
      // The sender may hang; whether it hears the cancellation does not matter to the answer.
      reader.cancel().catch(() => undefined)
      return undefined
    }
    chunks.push(value)
  }
}
