import { v5 as uuidOf, validate, version } from 'uuid'
import type { KeepCannedPicture } from '../core/canned.ts'
import { TongdaError } from '../core/errors.ts'
import { isPicture, type ContentFiles, type MediaCatalogue, type MediaStore } from '../core/media.ts'
import type { Database, Row } from './database.ts'

/** Makes ids of bytes; those are never cleared with messages. */
const namespace = '5d6f1c86-6b0a-4c55-9a0e-2f3f7c1f0b6e'

interface UploadRow extends Row {
  readonly sha256: string
}

/** Files that an agent uploaded and nobody has said: what a contact sent is not kept beyond its message. */
const findUpload = `select sha256 from media where id = $1 and unsent_since > '-infinity'`

const refuse = (detail: string): TongdaError => new TongdaError('bad_input', detail)

/** Pictures of canned replies on one database, beside those of articles. */
export const createKeepCannedPicture = (
  { query }: Database,
  files: Pick<MediaStore, 'find'> & MediaCatalogue & ContentFiles,
): KeepCannedPicture => {
  const pictureOf = async (mediaId: string): Promise<string> => {
    if (version(mediaId) === 5) return mediaId
    const [upload] = await query<UploadRow>(findUpload, [mediaId])
    const found = upload === undefined ? undefined : await files.find(mediaId)
    if (upload === undefined || found === undefined)
      throw refuse('a picture was cleared away, or came with a message; upload it again')
    if (!isPicture(found.media)) throw refuse('only pictures (PNG, JPEG, GIF, WebP) go with a canned reply')
    const { contentType, bytes } = found.media
    const lasting = uuidOf(upload.sha256, namespace)
    await files.keep({ mediaId: lasting, contentType, bytes }, () => Promise.resolve(found.bytes))
    return lasting
  }
  return async (mediaId) => {
    if (!validate(mediaId)) throw refuse('a picture has no such id; upload it first')
    const kept = await files.describe(await pictureOf(mediaId))
    if (kept === undefined || !isPicture(kept))
      throw refuse('a picture is not there any more; remove it and upload it again')
    return kept
  }
}
