/** The files of the chats, bounded: the oldest go first. */
export interface KeptFile {
  readonly bytes: Uint8Array
  readonly contentType: string
  /** Where it was fetched from; undefined: a user sent it. */
  readonly source?: string
}

export interface KeptFiles {
  set(id: string, file: KeptFile): void
  get(id: string): KeptFile | undefined
  /** Under which id a fetched file was kept last; undefined: it was not, or is gone. */
  idOf(source: string): string | undefined
  clear(): void
}

const maxFiles = 100
const maxBytes = 100 * 1_048_576

/** Nothing kept yet. */
export const createKeptFiles = (): KeptFiles => {
  const files = new Map<string, KeptFile>()
  const isOverFull = (): boolean => {
    const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes.length, 0)
    return files.size > maxFiles || bytes > maxBytes
  }
  return {
    set: (id, file) => {
      files.set(id, file)
      for (const oldest of files.keys()) {
        if (!isOverFull()) return
        files.delete(oldest)
      }
    },
    get: (id) => files.get(id),
    idOf: (address) => [...files].findLast(([, { source }]) => source === address)?.[0],
    clear: () => {
      files.clear()
    },
  }
}
