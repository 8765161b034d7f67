import type { LateMedia, PendingMedia } from '../core/media.ts'
import { mapMedia } from '../core/message.ts'
import type { MediaRef, Part } from '../core/message.ts'
import { toJson, type Database, type Row } from './database.ts'

const complete =
  (file: MediaRef) =>
  (ref: MediaRef): MediaRef =>
    ref.providerRef === file.providerRef && ref.mediaId === undefined ? file : ref

interface PartsRow extends Row {
  readonly parts: readonly Part[]
  readonly conversation_id: string
}

const attach =
  (database: Database): LateMedia['attach'] =>
  (messageId, file) =>
    database.transaction(async (query) => {
      const [row] = await query<PartsRow>(
        'select parts, conversation_id from messages where id = $1 for update',
        [messageId],
      )
      if (row === undefined) {
        // Fetched for a message that was erased meanwhile: cleared away as files that were never said.
        await query(`update media set unsent_since = '-infinity' where id = $1::uuid`, [file.mediaId])
        return undefined
      }
      const parts = row.parts.map((part) => mapMedia(part, complete(file)))
      await query('update messages set parts = $2::jsonb where id = $1', [messageId, toJson(parts)])
      return row.conversation_id
    })

// The words of the index `messages_media_pending`. The last tries lie months apart.
const takePending = `
with due as (
  select id from messages
  where inbox_id = $1 and jsonb_path_exists(parts, '$[*].*.failure ? (@ == "pending")') and media_tries < 20
    and (media_retry_at is null or media_retry_at <= now())
  order by created_at limit $2 for no key update skip locked
)
update messages m set media_tries = m.media_tries + 1,
  media_retry_at = now() + $3 * (2 ^ m.media_tries) * interval '1 millisecond'
from due where m.id = due.id
returning m.id as "messageId", m.parts, m.media_tries as tries`

/** Files that come after their messages, on one database. */
export const createLateMedia = (database: Database): LateMedia => ({
  attach: attach(database),
  takePending: ({ inboxId, limit, retryMs }) =>
    database.query<Row & PendingMedia>(takePending, [inboxId, limit, retryMs]),
})
