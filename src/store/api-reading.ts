import { validate } from 'uuid'
import type { ApiReading, PlacedEntry, TicketFilter, TicketPlace } from '../core/api-reading.ts'
import { TongdaError } from '../core/errors.ts'
import type { Database } from './database.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'
import { entryFields, entryJoins, toEntry, type EntryRow } from './ticket-history.ts'
import { ticketFields, ticketJoins, toTicket, type TicketRow } from './ticket-rows.ts'

// A parameter that is null does not matter; one plan serves every filter.
const ticketFilter = `($1::text[] is null or t.state = any($1::text[])) and ($2::text is null or t.kind = $2)
  and ($3::text is null or t.priority = $3) and ($4::text is null or t.assignee_id = $4)
  and (not $5::boolean or t.assignee_id is null) and ($6::uuid is null or t.contact_id = $6)
  and ($7::timestamptz is null or t.updated_at >= $7)`

const pages: Readonly<Record<TicketFilter['order'], string>> = {
  newest: `t.number < coalesce($8::int, 2147483647) and $9::timestamptz is not distinct from $9
    order by t.number desc`,
  // The first condition is what an index can begin at.
  updated: `t.updated_at >= coalesce($9::timestamptz, $7, '-infinity')
    and ($8::int is null or (t.updated_at, t.number) > ($9, $8)) order by t.updated_at, t.number`,
}

const listTickets = ({ order }: TicketFilter): string =>
  `select ${ticketFields} from tickets t ${ticketJoins} where ${ticketFilter} and ${pages[order]} limit $10`

const ticketValues = (filter: TicketFilter, after: TicketPlace | undefined): readonly unknown[] => [
  filter.states,
  filter.kind,
  filter.priority,
  filter.assigneeId ?? undefined,
  filter.assigneeId === null,
  filter.contactId,
  filter.updatedSince,
  after?.number,
  after?.updatedAt,
]

interface PlacedRow extends EntryRow {
  readonly id: string | number
}

const listEntries = `
select h.id, ${entryFields} from ticket_timeline h ${entryJoins}
where h.ticket_id = $1 and h.id > $2 order by h.id limit $3`

const listMessages = `
select ${messageFields} from messages m ${messageJoins}
where m.conversation_id = $1 and m.seq > $2 order by m.seq limit $3`

const unknown = (what: string): TongdaError =>
  new TongdaError('not_found', `there is no such ${what}; it may have been erased`)

/** Pages of tickets and what was said, on one database. */
export const createApiReading = ({ query }: Database): ApiReading => ({
  tickets: async (filter, { after, limit }) => {
    const rows = await query<TicketRow>(listTickets(filter), [...ticketValues(filter, after), limit])
    return rows.map(toTicket)
  },
  ticketId: async (number) => {
    const [row] = await query<{ id: string }>('select id from tickets where number = $1', [number])
    if (row === undefined) throw unknown('ticket')
    return row.id
  },
  timeline: async (ticketId, { after, limit }) =>
    (await query<PlacedRow>(listEntries, [ticketId, after, limit])).map((row): PlacedEntry => ({
      id: Number(row.id),
      ...toEntry(row),
    })),
  message: async (messageId) => {
    const [row] = validate(messageId)
      ? await query<MessageRow>(`select ${messageFields} from messages m ${messageJoins} where m.id = $1`, [
          messageId,
        ])
      : []
    if (row === undefined) throw unknown('message')
    return toMessage(row)
  },
  messages: async (conversationId, { after, limit }) => {
    if (!validate(conversationId)) throw unknown('conversation')
    const rows = await query<MessageRow>(listMessages, [conversationId, after, limit])
    if (rows.length > 0) return rows.map(toMessage)
    const known = await query('select 1 from conversations where id = $1', [conversationId])
    if (known.length === 0) throw unknown('conversation')
    return []
  },
})
