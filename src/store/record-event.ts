import type { EventType } from '../core/event-log.ts'
import { toJson, type Query } from './database.ts'

/** An event as it is written, in the transaction that makes it happen. */
export interface NewEvent {
  readonly type: EventType
  readonly at: Date
  readonly ticketId?: string
  readonly conversationId?: string
  readonly contactId?: string
  /** A few facts. Never what was said. */
  readonly data: Readonly<Record<string, unknown>>
}

const insert = `
insert into events (type, at, ticket_id, conversation_id, contact_id, data)
select x.type, x.at, x.ticket_id, x.conversation_id, x.contact_id, x.data
from jsonb_to_recordset($1::jsonb) as x(type text, at timestamptz, ticket_id uuid, conversation_id uuid,
  contact_id uuid, data jsonb)`

/** Writes events down. `query` is the transaction of what happened: both take effect, or neither. */
export const recordEvents = async (query: Query, events: readonly NewEvent[]): Promise<void> => {
  if (events.length === 0) return
  const rows = events.map(({ type, at, ticketId, conversationId, contactId, data }) => ({
    type,
    at,
    ticket_id: ticketId,
    conversation_id: conversationId,
    contact_id: contactId,
    data,
  }))
  await query(insert, [toJson(rows)])
}
