import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { v4 as uuid, validate } from 'uuid'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'
import type { MediaCatalogue, MediaStore, StoredMedia } from '../core/media.ts'
import type { Database, Row } from './database.ts'
import { createPictures, type TypedBytes } from './pictures.ts'

/** Where files are kept and how large one may be. */
export interface MediaOptions {
  readonly database: Database
  readonly blobs: BlobStore
  readonly maxBytes: number
}

interface MediaRow extends Row {
  readonly content_type: string
  readonly bytes: number
  readonly sha256: string
}

// AMR is what WeChat voices are; the detector knows only its narrow-band form by the same header.
const contentTypeOf = async (bytes: Uint8Array): Promise<string> =>
  (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Files of messages: bytes under random names in a folder or bucket, facts in the database; pictures are redrawn. */
export const createMediaStore = ({
  database,
  blobs,
  maxBytes,
}: MediaOptions): MediaStore & MediaCatalogue => {
  const redraw = createPictures()
  const rowOf = async (mediaId: string): Promise<MediaRow | undefined> => {
    if (!validate(mediaId)) return undefined
    const [row] = await database.query<MediaRow>(
      'select content_type, bytes, sha256 from media where id = $1',
      [mediaId],
    )
    return row
  }
  const keep = async ({ contentType, bytes }: TypedBytes): Promise<StoredMedia> => {
    const mediaId = uuid()
    await blobs.put(mediaId, bytes)
    await database.query('insert into media (id, content_type, bytes, sha256) values ($1, $2, $3, $4)', [
      mediaId,
      contentType,
      bytes.byteLength,
      hashOf(bytes),
    ])
    return { mediaId, contentType, bytes: bytes.byteLength }
  }
  return {
    maxBytes,
    save: async (bytes) => {
      if (bytes.byteLength > maxBytes) {
        throw new TongdaError(
          'bad_input',
          `a file of ${String(bytes.byteLength)} bytes is over the limit of ${String(maxBytes)}`,
        )
      }
      return keep(await redraw({ contentType: await contentTypeOf(bytes), bytes }))
    },
    find: async (mediaId) => {
      const row = await rowOf(mediaId)
      const bytes = row === undefined ? undefined : await blobs.get(mediaId)
      if (row === undefined || bytes === undefined) return undefined
      if (hashOf(bytes) !== row.sha256)
        throw new TongdaError(
          'media_unavailable',
          `file ${mediaId} is not what was stored; restore it from a backup of the media folder or bucket`,
          { mediaId },
        )
      return { media: { mediaId, contentType: row.content_type, bytes: row.bytes }, bytes }
    },
    describe: async (mediaId) => {
      const row = await rowOf(mediaId)
      return row === undefined ? undefined : { mediaId, contentType: row.content_type, bytes: row.bytes }
    },
  }
}
