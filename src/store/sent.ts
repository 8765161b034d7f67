import { validate } from 'uuid'
import type { SentMessage, SentMessages } from '../core/sent.ts'
import { retryCollisions, toJson, type Database } from './database.ts'

const findSent = `
select o.id as "outboundId", c.thread_key as "threadKey", c.contact_key as "contactKey"
from outbox o join conversations c on c.id = o.conversation_id where o.id = $2 and o.inbox_id = $1`

/**
 * A message that waits to be sent again is left alone: the report may be about an attempt before an agent's "try
 * again". Of one on its way the fence moves on, so that a sender that has not yet recorded its success cannot bury the
 * failure.
 */
const fail = `
with failed as (
  update outbox set status = 'failed', error = $3::jsonb, settled_at = now(), fence = fence + 1, lease_owner = null,
    lease_until = null
  where id = $2 and inbox_id = $1 and status in ('sending', 'sent')
  returning id, attempts, conversation_id
), ended as (
  update delivery_attempts d set ended_at = coalesce(d.ended_at, now()), outcome = 'failed', error = $3::jsonb
  from failed f where d.outbox_id = f.id and d.number = f.attempts
)
select conversation_id from failed`

/** By the contact's conversations, which are few; what is under way may arrive and counts. */
const countAutomatic = `
select count(*)::int as n from contact_identities i
join conversations c on c.contact_id = i.contact_id and c.inbox_id = i.inbox_id and c.contact_key = i.contact_key
join messages m on m.conversation_id = c.id and m.direction = 'out' and m.author <> 'agent' and m.created_at > $3
join outbox o on o.message_id = m.id and o.status in ('sent', 'sending')
where i.inbox_id = $1 and i.contact_key = $2 and o.id::text <> $4`

/** What each inbox sent; `onChange` hears of conversations that changed. */
export const createSentMessages =
  ({ query }: Database) =>
  (inboxId: string, onChange: (conversationId: string) => void): SentMessages => ({
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
    neverArrived: async (outboundId, fault) => {
      if (!validate(outboundId)) return false
      const [row] = await retryCollisions(() =>
        query<{ conversation_id: string }>(fail, [inboxId, outboundId, toJson(fault)]),
      )
      if (row !== undefined) onChange(row.conversation_id)
      return row !== undefined
    },
  })
