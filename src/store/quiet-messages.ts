import type { ListQuiet, QuietMessage } from '../core/inbox.ts'
import type { Database, Row } from './database.ts'

/** By id: ids grow with time, and have an index. */
const findQuiet = `
select m.id, m.conversation_id as "conversationId", c.contact_key as "contactKey", m.created_at as at, m.parts
from messages m join conversations c on c.id = m.conversation_id
where m.inbox_id = $1 and m.id > $2::uuid and m.direction = 'in' and not m.wants_reply
  and jsonb_path_exists(m.parts, '$[*] ? (@.kind != "event")')
  and not exists (select 1 from tickets t where t.conversation_id = m.conversation_id)
order by m.id desc limit $3`

/** The least id of a moment (RFC 9562 5.7). */
const leastIdAt = (moment: Date): string => {
  const time = Math.max(0, moment.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** Finds what was stored without an answer and without a ticket. */
export const createListQuiet =
  ({ query }: Database): ListQuiet =>
  async ({ inboxId, since, limit }) =>
    query<QuietMessage & Row>(findQuiet, [inboxId, leastIdAt(since), limit])
