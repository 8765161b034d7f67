import { validate } from 'uuid'
import type { SentMessage, SentMessages } from '../core/sent.ts'
import { toJson, type Database } from './database.ts'

const findSent = `
select o.id as "outboundId", c.thread_key as "threadKey", c.contact_key as "contactKey"
from outbox o join conversations c on c.id = o.conversation_id where o.id = $2 and o.inbox_id = $1`

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
