import type { ContactTrace } from '../core/conversation.ts'
import type { Database, Row } from './database.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'

const latestOfContact = `
select ${messageFields}
from conversations c join messages m on m.conversation_id = c.id ${messageJoins}
where c.inbox_id = $1 and c.contact_key = $2 order by m.created_at desc, m.seq desc limit $3`

const newestTickets = `
select distinct on (c.id) c.id as conversation, t.id as ticket
from conversations c join tickets t on t.conversation_id = c.id
where c.inbox_id = $1 and c.contact_key = $2 order by c.id, t.number desc`

interface TicketOfConversation extends Row {
  readonly conversation: string
  readonly ticket: string
}

/** Reads what was said with a contact over all threads, for the try-it page. */
export const createContactTrace = ({ query }: Database): ContactTrace => ({
  latest: async ({ inboxId, contactKey, limit }) =>
    (await query<MessageRow>(latestOfContact, [inboxId, contactKey, limit])).map(toMessage).reverse(),
  tickets: async ({ inboxId, contactKey }) => {
    const rows = await query<TicketOfConversation>(newestTickets, [inboxId, contactKey])
    return new Map(rows.map(({ conversation, ticket }) => [conversation, ticket]))
  },
})
