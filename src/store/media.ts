import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { v4 as uuid, validate } from 'uuid'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'
import type { ContentFiles, MediaCatalogue, MediaStore, StoredMedia, UnsentFiles } from '../core/media.ts'
import { silkStart } from '../core/voice.ts'
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
// SILK, which its other clients record, it does not know.
const contentTypeOf = async (bytes: Uint8Array): Promise<string> =>
  silkStart(bytes) === undefined
    ? ((await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream')
    : 'audio/silk'

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const insertFile = `
insert into media (id, content_type, bytes, sha256, unsent_since) values ($1, $2, $3, $4, case when not $5 then now() end)`

/** The row comes after the bytes: who finds the row finds them. */
const keepFile = `
insert into media (id, content_type, bytes, sha256) values ($1, $2, $3, $4)
on conflict (id) do update set content_type = excluded.content_type, bytes = excluded.bytes, sha256 = excluded.sha256`

/**
 * Files are doomed first: who says one now is refused, and one whose bytes could not be deleted is tried again. Whoever
 * says one at this moment holds its row. A file that a message names was said by a node that does not note it yet.
 */
const doomUnsent = `
update media set unsent_since = '-infinity' where id in (
  select f.id from media f where f.unsent_since <= now() - $1 * interval '1 millisecond'
    and not exists (select 1 from messages m
      where m.author = 'agent' and jsonb_path_query_array(m.parts, '$[*].media.mediaId') ? f.id::text)
  order by f.unsent_since limit $2 for update of f skip locked)
returning id`

const forgetDoomed = `delete from media where id::text = any($1) and unsent_since = '-infinity'`

const atOnce = 100

const clearUnsent = async (
  { database, blobs }: Pick<MediaOptions, 'database' | 'blobs'>,
  ageMs: number,
): Promise<number> => {
  let cleared = 0
  for (;;) {
    const doomed = await database.query<{ id: string }>(doomUnsent, [ageMs, atOnce])
    for (const { id } of doomed) await blobs.delete(id)
    await database.query(forgetDoomed, [doomed.map(({ id }) => id)])
    cleared += doomed.length
    if (doomed.length < atOnce) return cleared
  }
}

interface Keeping extends Pick<MediaOptions, 'database' | 'blobs'> {
  readonly rowOf: (mediaId: string) => Promise<MediaRow | undefined>
  readonly redraw: ReturnType<typeof createPictures>
}

/** `keep` of the content's files. */
const createKeep = ({ database, blobs, rowOf, redraw }: Keeping): ContentFiles['keep'] => {
  const isKept = async (mediaId: string): Promise<boolean> => {
    const row = await rowOf(mediaId)
    const bytes = row === undefined ? undefined : await blobs.get(mediaId)
    return row !== undefined && bytes !== undefined && hashOf(bytes) === row.sha256
  }
  return async ({ mediaId }, read) => {
    if (await isKept(mediaId)) return
    const own = await read()
    const file = { contentType: await contentTypeOf(own), bytes: own }
    // Photographs tell where and with what they were taken; drawings are small as their editors made them.
    const { contentType, bytes } = file.contentType === 'image/jpeg' ? await redraw(file) : file
    await blobs.put(mediaId, bytes)
    await database.query(keepFile, [mediaId, contentType, bytes.byteLength, hashOf(bytes)])
  }
}

/** Files of messages: bytes under random names in a folder or bucket, facts in the database; pictures are redrawn. */
export const createMediaStore = ({
  database,
  blobs,
  maxBytes,
}: MediaOptions): MediaStore & MediaCatalogue & UnsentFiles & ContentFiles => {
  const redraw = createPictures()
  const rowOf = async (mediaId: string): Promise<MediaRow | undefined> => {
    if (!validate(mediaId)) return undefined
    const [row] = await database.query<MediaRow>(
      'select content_type, bytes, sha256 from media where id = $1',
      [mediaId],
    )
    return row
  }
  const keep = async ({ contentType, bytes }: TypedBytes, isSaid: boolean): Promise<StoredMedia> => {
    const mediaId = uuid()
    await blobs.put(mediaId, bytes)
    await database.query(insertFile, [mediaId, contentType, bytes.byteLength, hashOf(bytes), isSaid])
    return { mediaId, contentType, bytes: bytes.byteLength }
  }
  const save = async (bytes: Uint8Array, isSaid: boolean): Promise<StoredMedia> => {
    if (bytes.byteLength > maxBytes) {
      throw new TongdaError(
        'bad_input',
        `a file of ${String(bytes.byteLength)} bytes is over the limit of ${String(maxBytes)}`,
      )
    }
    return keep(await redraw({ contentType: await contentTypeOf(bytes), bytes }), isSaid)
  }
  return {
    maxBytes,
    keep: createKeep({ database, blobs, rowOf, redraw }),
    save: (bytes) => save(bytes, true),
    saveUnsent: (bytes) => save(bytes, false),
    clearUnsent: (ageMs) => clearUnsent({ database, blobs }, ageMs),
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
