import type { IncomingMessage } from 'node:http'

/** A body, or why there is none. */
export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Buffer<ArrayBuffer> }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'compressed' }
  | { readonly kind: 'broken' }

const isIdentity = (encoding: string | undefined): boolean =>
  encoding === undefined || encoding.trim().toLowerCase() === 'identity'

/**
 * Reads a request's body and gives up at the first byte over `maxBytes`; compressed bodies are not read at all.
 * `broken`: the client left before its end.
 */
export const readBody = (incoming: IncomingMessage, maxBytes: number): Promise<BodyRead> => {
  if (!isIdentity(incoming.headers['content-encoding'])) return Promise.resolve({ kind: 'compressed' })
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ kind: 'too_large' })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = (read: BodyRead): void => {
      incoming.off('data', collect).off('end', end).off('error', fail).off('close', fail)
      resolve(read)
    }
    const collect = (chunk: Buffer): void => {
      bytes += chunk.byteLength
      chunks.push(chunk)
      if (bytes <= maxBytes) return
      incoming.pause()
      finish({ kind: 'too_large' })
    }
    const end = (): void => finish({ kind: 'read', bytes: Buffer.concat(chunks, bytes) })
    const fail = (): void => finish({ kind: 'broken' })
    incoming.on('data', collect).on('end', end).on('error', fail).on('close', fail)
    if (incoming.destroyed || incoming.readableEnded) fail()
  })
}
