import type { Avatars } from '../core/contact.ts'
import type { Database } from './database.ts'

const takeTurn = `
update contact_identities set avatar_checked_at = now()
where inbox_id = $1 and contact_key = $2
  and (avatar_checked_at is null or avatar_checked_at <= now() - $3 * interval '1 millisecond')
returning 1`

const keep = 'update contact_identities set avatar_media_id = $3 where inbox_id = $1 and contact_key = $2'

/** The pictures of one inbox's contacts. */
export const createAvatars =
  ({ query }: Database) =>
  (inboxId: string): Avatars => ({
    takeTurn: async (contactKey, everyMs) =>
      (await query(takeTurn, [inboxId, contactKey, everyMs])).length > 0,
    keep: async (contactKey, mediaId) => {
      await query(keep, [inboxId, contactKey, mediaId])
    },
  })
