import type { MessageLog } from '../core/conversation.ts'
import type { Database } from './database.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'

/**
 * What an agent said and may still withdraw: none of it was ever tried. Contacts' clients read by a cursor, so what
 * comes after it waits with it, or it would be passed by.
 */
const firstHeld = `
select min(h.seq) from messages h
where h.conversation_id = c.id and h.seq > $3 and h.direction = 'out' and h.author = 'agent'
  and exists (select 1 from outbox o where o.message_id = h.id)
  and not exists (select 1 from outbox o where o.message_id = h.id
    and (o.status not in ('queued', 'waiting') or o.attempts > 0))`

const isVisible = `m.direction in ('in', 'out')
  and not exists (select 1 from outbox o where o.message_id = m.id and o.status = 'withdrawn')
  and m.seq < coalesce((${firstHeld}), m.seq + 1)`

const readThread = `
select ${messageFields}
from conversations c join messages m on m.conversation_id = c.id ${messageJoins}
where c.inbox_id = $1 and c.thread_key = $2 and m.seq > $3 and ($5 = false or ${isVisible})
order by m.seq limit $4`

const latestOfThread = `
select ${messageFields}
from conversations c join messages m on m.conversation_id = c.id ${messageJoins}
where c.inbox_id = $1 and c.thread_key = $2 order by m.seq desc limit $3`

/** Reads what was said, for channels whose clients resume and for the sandbox's trace. */
export const createMessageLog = ({ query }: Database): MessageLog => ({
  read: async ({ inboxId, threadKey, afterSeq, limit, visibleOnly }) =>
    (await query<MessageRow>(readThread, [inboxId, threadKey, afterSeq, limit, visibleOnly])).map(toMessage),
  latest: async ({ inboxId, threadKey, limit }) =>
    (await query<MessageRow>(latestOfThread, [inboxId, threadKey, limit])).map(toMessage).reverse(),
})
