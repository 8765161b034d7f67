import { randomUUID } from 'node:crypto'

/** Files of the forum, under names nobody guesses. */
export interface Shelf {
  put(bytes: Uint8Array): string
  find(name: string): Uint8Array | undefined
}

const maxFiles = 200

/** An empty shelf; the oldest files go first. */
export const createShelf = (): Shelf => {
  const files = new Map<string, Uint8Array>()
  return {
    put: (bytes) => {
      const name = randomUUID()
      files.set(name, bytes)
      const oldest = files.keys().next()
      if (files.size > maxFiles && oldest.done !== true) files.delete(oldest.value)
      return name
    },
    find: (name) => files.get(name),
  }
}
