import { randomUUID } from 'node:crypto'

const kept = 100
const pictureTypes: Readonly<Record<string, string>> = {
  '89504e47': 'image/png',
  ffd8ffe0: 'image/jpeg',
  ffd8ffe1: 'image/jpeg',
  ffd8ffdb: 'image/jpeg',
  '47494638': 'image/gif',
}
const typeOf = (bytes: Buffer): string | undefined => pictureTypes[bytes.subarray(0, 4).toString('hex')]

/** Files of the chats, as the clients show them. */
export const createShelf = () => {
  const files = new Map<string, Buffer>()
  return {
    /** Keeps a file; what a line says of it. */
    put: (name: string, bytes: Buffer): { readonly picturePath: string } | { readonly fileName: string } => {
      if (typeOf(bytes) === undefined) return { fileName: name }
      const id = randomUUID()
      files.set(id, bytes)
      const oldest = files.keys().next()
      if (files.size > kept && oldest.done !== true) files.delete(oldest.value)
      return { picturePath: `/media/${id}` }
    },
    serve: (id: string): Response => {
      const bytes = files.get(id)
      if (bytes === undefined) return new Response('not found', { status: 404 })
      return new Response(new Uint8Array(bytes), {
        headers: {
          'content-type': typeOf(bytes) ?? 'application/octet-stream',
          'x-content-type-options': 'nosniff',
        },
      })
    },
  }
}
