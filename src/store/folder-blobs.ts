import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Bytes in a folder, one file a key; shared by all nodes. */
export const createFolderBlobs = (folder: string): BlobStore => {
  const trying = async <Result>(act: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw new TongdaError(
        'media_unavailable',
        `a file could not be ${act} in ${folder}; check that the folder can be written and the disk has room`,
        { folder },
        error,
      )
    }
  }
  return {
    put: (key, bytes) =>
      trying('written', async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        // Renamed when whole: a crash leaves no half file under a name that is used.
        await writeFile(join(folder, `${key}.part`), bytes, { mode: 0o600 })
        await rename(join(folder, `${key}.part`), join(folder, key))
      }),
    get: (key) =>
      trying('read', () =>
        readFile(join(folder, key)).catch((error: unknown) => {
          if (isMissing(error)) return undefined
          throw error
        }),
      ),
    delete: (key) => trying('deleted', () => rm(join(folder, key), { force: true })),
  }
}
