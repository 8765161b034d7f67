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
    neverArrived: async (outboundId, fault) => {
      if (!validate(outboundId)) return false
      const [row] = await retryCollisions(() =>
        query<{ conversation_id: string }>(fail, [inboxId, outboundId, toJson(fault)]),
      )
      if (row !== undefined) onChange(row.conversation_id)
      return row !== undefined
    },
  })
