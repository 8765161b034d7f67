import { validate } from 'uuid'
import type { SentMessage, SentMessages } from '../core/sent.ts'
import { toJson, type Database } from './database.ts'

const findSent = `
select o.id as "outboundId", c.thread_key as "threadKey", c.contact_key as "contactKey"
from outbox o join conversations c on c.id = o.conversation_id where o.id = $2 and o.inbox_id = $1`

/** By the contact's conversations, which are few; what is under way may arrive and counts. */
const countAutomatic = `
select count(*)::int as n from contact_identities i
join conversations c on c.contact_id = i.contact_id and c.inbox_id = i.inbox_id and c.contact_key = i.contact_key
join messages m on m.conversation_id = c.id and m.direction = 'out' and m.author <> 'agent' and m.created_at > $3
join outbox o on o.message_id = m.id and o.status in ('sent', 'sending')
where i.inbox_id = $1 and i.contact_key = $2 and o.id::text <> $4`

/** What is under way or waits is not settled by a late report about an earlier attempt. */
const markBounced = `
update outbox set status = 'failed', error = $3::jsonb, settled_at = now()
where id = $2 and inbox_id = $1 and status = 'sent'
returning (select c.id from conversations c where c.id = outbox.conversation_id) as conversation_id`

/** What each inbox sent; `onBounce` hears of conversations that changed. */
export const createSentMessages =
  ({ query }: Database) =>
  (inboxId: string, onBounce: (conversationId: string) => void): SentMessages => ({
    find: async (outboundId) => {
      if (!validate(outboundId)) return undefined
      const [row] = await query<{ outboundId: string; threadKey: string; contactKey: string }>(findSent, [
        inboxId,
        outboundId,
      ])
      return row satisfies SentMessage | undefined
    },
    countAutomatic: async ({ contactKey, since, except }) => {
      const [row] = await query<{ n: number }>(countAutomatic, [inboxId, contactKey, since, except])
      return row?.n ?? 0
    },
    bounce: async (outboundId, bounce) => {
      if (!validate(outboundId)) return false
      const [row] = await query<{ conversation_id: string }>(markBounced, [
        inboxId,
        outboundId,
        toJson(bounce),
      ])
      if (row !== undefined) onBounce(row.conversation_id)
      return row !== undefined
    },
  })
