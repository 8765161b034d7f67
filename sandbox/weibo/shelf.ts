import { randomInt } from 'node:crypto'

/** A file that a user sent. */
export interface ShelvedFile {
  readonly fid: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** The platform's files. */
export interface Shelf {
  put(bytes: Uint8Array): ShelvedFile
  find(fid: string): ShelvedFile | undefined
}

const keptFiles = 200

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text

const contentTypeOf = (bytes: Uint8Array): string => {
  if (startsWith(bytes, '\u0089PNG')) return 'image/png'
  if (startsWith(bytes, '\u00ff\u00d8\u00ff')) return 'image/jpeg'
  if (startsWith(bytes, 'GIF8')) return 'image/gif'
  return startsWith(bytes, '#!AMR') ? 'audio/amr' : 'application/octet-stream'
}

/** An empty shelf that keeps the last two hundred files. */
export const createShelf = (): Shelf => {
  const files = new Map<string, ShelvedFile>()
  let last = 9_007_199_254_740_993n + BigInt(randomInt(1_000_000))
  return {
    put: (bytes) => {
      last += 1_000n
      const file = { fid: String(last), contentType: contentTypeOf(bytes), bytes }
      files.set(file.fid, file)
      const oldest = files.keys().next()
      if (files.size > keptFiles && oldest.done !== true) files.delete(oldest.value)
      return file
    },
    find: (fid) => files.get(fid),
  }
}
