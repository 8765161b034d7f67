import type { Avatars } from '../core/contact.ts'
import type { Database } from './database.ts'

const takeTurn = `
update contact_identities set avatar_checked_at = now()
where inbox_id = $1 and contact_key = $2
  and (avatar_checked_at is null or avatar_checked_at <= now() - $3 * interval '1 millisecond')
returning 1`

const countAsOld = `
update contact_identities set avatar_checked_at = now() - $3 * interval '1 millisecond'
where inbox_id = $1 and contact_key = $2`

/** The picture before goes as files that were never said go: doomed with this, its bytes and row cleared away after. */
const keep = `
with before as (
  select avatar_media_id as id from contact_identities where inbox_id = $1 and contact_key = $2 for update
), kept as (
  update contact_identities set avatar_media_id = $3 where inbox_id = $1 and contact_key = $2
)
update media set unsent_since = '-infinity' where id in (select id from before where id <> $3)
  -- The contact was erased while the picture was fetched.
  or id = $3 and not exists (select from before)`

const refuse = `update media set unsent_since = '-infinity' where id = $1`

/** The pictures of one inbox's contacts. */
export const createAvatars =
  ({ query }: Database) =>
  (inboxId: string): Avatars => ({
    takeTurn: async (contactKey, everyMs) =>
      (await query(takeTurn, [inboxId, contactKey, everyMs])).length > 0,
    countAsOld: async (contactKey, agoMs) => {
      await query(countAsOld, [inboxId, contactKey, agoMs])
    },
    keep: async (contactKey, mediaId) => {
      await query(keep, [inboxId, contactKey, mediaId])
    },
    refuse: async (mediaId) => {
      await query(refuse, [mediaId])
    },
  })
