import { randomBytes } from 'node:crypto'

/** A file on the platform. */
export interface ShelvedFile {
  readonly fileId: string
  readonly fileUniqueId: string
  readonly filePath: string
  readonly bytes: Uint8Array
  readonly name: string
  readonly contentType: string
}

/** The platform's files: found by handle, fetched by path. */
export interface FileShelf {
  put(file: { readonly bytes: Uint8Array; readonly name: string; readonly contentType: string }): ShelvedFile
  find(fileId: string): ShelvedFile | undefined
  findByPath(path: string): ShelvedFile | undefined
  /** Handles stop working, as after a change of data centre. */
  forgetAll(): void
}

/** Bots may fetch no more, by `getFile`. */
export const maxDownloadBytes = 20 * 1_048_576
/** Bots may send no more. */
export const maxUploadBytes = 50 * 1_048_576

/** An empty shelf. */
export const createFileShelf = (): FileShelf => {
  const files = new Map<string, ShelvedFile>()
  return {
    put: (file) => {
      const fileId = `AgAC${randomBytes(36).toString('base64url')}`
      const number = files.size
      const ending = /\.\w{1,8}$/.exec(file.name)?.[0] ?? ''
      const filePath = `documents/file_${number}${ending}`
      const shelved = { ...file, fileId, fileUniqueId: randomBytes(9).toString('base64url'), filePath }
      files.set(fileId, shelved)
      return shelved
    },
    find: (fileId) => files.get(fileId),
    findByPath: (path) => [...files.values()].find(({ filePath }) => filePath === path),
    forgetAll: () => files.clear(),
  }
}
