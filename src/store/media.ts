import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTypeFromBuffer } from 'file-type'
import { v4 as uuid, validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { MediaStore } from '../core/media.ts'
import type { Database } from './database.ts'

/** Where files are kept and how large one may be. */
export interface MediaOptions {
  readonly database: Database
  /** Folder of the bytes; shared by all nodes. */
  readonly folder: string
  readonly maxBytes: number
}

// AMR is what WeChat voices are; the detector knows only its narrow-band form by the same header.
const contentTypeOf = async (bytes: Uint8Array): Promise<string> =>
  (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'

/** Files that came with messages: bytes under random names in a folder, facts in the database. */
export const createMediaStore = ({ database, folder, maxBytes }: MediaOptions): MediaStore => ({
  maxBytes,
  save: async (bytes) => {
    if (bytes.byteLength > maxBytes) {
      throw new TongdaError(
        'bad_input',
        `a file of ${String(bytes.byteLength)} bytes is over the limit of ${String(maxBytes)}`,
      )
    }
    const mediaId = uuid()
    const contentType = await contentTypeOf(bytes)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // Renamed when whole: a crash leaves no half file under a name that is used.
    await writeFile(join(folder, `${mediaId}.part`), bytes, { mode: 0o600 })
    await rename(join(folder, `${mediaId}.part`), join(folder, mediaId))
    await database.query('insert into media (id, content_type, bytes, sha256) values ($1, $2, $3, $4)', [
      mediaId,
      contentType,
      bytes.byteLength,
      createHash('sha256').update(bytes).digest('hex'),
    ])
    return { mediaId, contentType, bytes: bytes.byteLength }
  },
  find: async (mediaId) => {
    if (!validate(mediaId)) return undefined
    const [row] = await database.query<{ content_type: string; bytes: number }>(
      'select content_type, bytes from media where id = $1',
      [mediaId],
    )
    if (row === undefined) return undefined
    const media = { mediaId, contentType: row.content_type, bytes: row.bytes }
    return { media, bytes: await readFile(join(folder, mediaId)) }
  },
})
