import type { MessageLog } from '../core/conversation.ts'
import type { Database } from './database.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'

const readThread = `
select ${messageFields}
from conversations c join messages m on m.conversation_id = c.id ${messageJoins}
where c.inbox_id = $1 and c.thread_key = $2 and m.seq > $3 and ($5 = false or m.direction in ('in', 'out'))
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
