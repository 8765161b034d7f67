import { TongdaError } from '../core/errors.ts'
import type { RetryDelivery } from '../core/stores.ts'
import type { Database } from './database.ts'
import { lockConversations } from './lock-conversations.ts'

const conversationOf = `select conversation_id from messages where id = $1`

/** Why a restore parked a message. */
export const heldByRestore = 'held_by_restore'

/** Queues again what had ended. What a restore parked may have gone from the installation that was backed up. */
export const queueAgain = `status = case when passive_only then 'waiting' else 'queued' end, next_attempt_at = now(),
  repeated = repeated or error ->> 'code' is not distinct from '${heldByRestore}', error = null, settled_at = null`

const retryMessage = `
update outbox set ${queueAgain}
where message_id = $1 and status in ('failed', 'expired', 'waiting') returning id`

/** An agent's "try again" on one database. */
export const createRetryDelivery =
  (database: Database): RetryDelivery =>
  (messageId) =>
    database.transaction(async (query) => {
      const [message] = await query<{ conversation_id: string }>(conversationOf, [messageId])
      if (message !== undefined) await lockConversations(query, [message.conversation_id])
      if ((await query(retryMessage, [messageId])).length === 0)
        throw new TongdaError('conflict', 'nothing of this message failed; reload to see its state')
    })
