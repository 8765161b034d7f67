import type { EventLog, EventPlace, EventType, LoggedEvent } from '../core/event-log.ts'
import { TongdaError } from '../core/errors.ts'
import type { Database, Row } from './database.ts'

/** The columns of an event as it is read. */
export const eventFields = `e.tx::text || '-' || e.id as place, e.type, e.at, e.ticket_id, e.conversation_id, e.contact_id, e.data`

/** A row of `eventFields`. */
export interface EventRow extends Row {
  readonly place: EventPlace
  readonly type: EventType
  readonly at: Date
  readonly ticket_id: string | null
  readonly conversation_id: string | null
  readonly contact_id: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads a row of `eventFields`. */
export const toEvent = (row: EventRow): LoggedEvent => ({
  id: row.place,
  type: row.type,
  at: row.at,
  ...(row.ticket_id === null ? {} : { ticketId: row.ticket_id }),
  ...(row.conversation_id === null ? {} : { conversationId: row.conversation_id }),
  ...(row.contact_id === null ? {} : { contactId: row.contact_id }),
  data: row.data,
})

/**
 * No transaction that is still open, or will begin, writes before this one: what is older is there for good, in an
 * order that will not change.
 */
export const horizon = 'pg_snapshot_xmin(pg_current_snapshot())'

/**
 * A place's transaction. One from the future was handed out before the database was restored to another server, which
 * counts anew: its number alone goes on being true.
 */
export const txOf = (parameter: string): string =>
  `case when ${parameter}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) then '0'::xid8 else ${parameter}::xid8 end`

const read = `
select ${eventFields} from events e
where (e.tx, e.id) > (${txOf('$1')}, $2::bigint) and e.tx < ${horizon}
  and (cardinality($3::text[]) = 0 or e.type = any($3::text[]))
order by e.tx, e.id limit $4`

const newest = `
select e.tx::text || '-' || e.id as place from events e where e.tx < ${horizon} order by e.tx desc, e.id desc limit 1`

/** Old events of another server come before all of this one's, in their order. */
const heal = `
update events set tx = '0'::xid8 where tx >= pg_snapshot_xmax(pg_current_snapshot())`

const retireSome = `
delete from events e using (select tx, id from events order by tx, id limit 5000) o
where e.tx = o.tx and e.id = o.id and e.at < $1 returning e.id`

/** Reads a place. Throws `bad_input`. */
export const parsePlace = (place: EventPlace): readonly [tx: string, id: string] => {
  const [, tx, id] = /^(\d{1,19})-(\d{1,18})$/.exec(place) ?? []
  if (tx === undefined || id === undefined || BigInt(tx) >= 2n ** 63n)
    throw new TongdaError('bad_input', 'this is no id of an event; take one from an answer as it stands')
  return [tx, id]
}

/** The event log of one database. */
export const createEventLog = ({ query }: Database): EventLog => ({
  read: async ({ after = '0-0', types, limit }) =>
    (await query<EventRow>(read, [...parsePlace(after), [...types], limit])).map(toEvent),
  newest: async () => (await query<{ place: string }>(newest))[0]?.place ?? '0-0',
  retire: async (before) => {
    await query(heal)
    while ((await query(retireSome, [before])).length > 0);
  },
})
