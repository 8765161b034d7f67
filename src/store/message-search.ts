import { TongdaError } from '../core/errors.ts'
import type {
  Candidate,
  FoundMessage,
  IndexStep,
  MessageIndex,
  MessageIntake,
  UnindexedMessage,
} from '../core/message-search.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { moveReader, placeOf } from './event-readers.ts'

/**
 * Each span is looked up for itself, so that the rarest gram of it leads. The numbers are made as
 * src/search/grams.ts makes them.
 */
const findCandidates = `
select f.id, f.at, m.parts from (
  select s.message_id as id, s.at from unnest($1::int[]) b
  cross join lateral (select array(select (b << 22) | g from unnest($2::int[]) g) as keys) k
  join message_search s on s.grams @> k.keys
  where s.at >= $3 and s.at < $4 and (s.at, s.message_id) < ($5::timestamptz, $6::uuid)
  order by s.at desc, s.message_id desc limit $7
) f join messages m on m.id = f.id order by f.at desc, f.id desc`

/** A message's moment as the index and programs know it. */
const moment = `date_trunc('milliseconds', m.created_at)`

const findWithin = `
select m.id, ${moment} as at, m.parts from messages m join conversations c on c.id = m.conversation_id
where m.conversation_id = any($1::uuid[]) and m.created_at >= coalesce($2, '-infinity'::timestamptz)
  and (${moment}, m.id) < ($3::timestamptz, $4::uuid)
  and ($5::text is null or m.inbox_id = $5) and ($6::text is null or c.channel = $6)
  and ($7::text is null or m.author = $7) and ($8::text is null or m.direction = $8)
order by 2 desc, m.id desc limit $9`

const describeMessages = `
select m.id, m.conversation_id as "conversationId", m.seq, m.inbox_id as "inboxId", c.channel,
  c.contact_id as "contactId", p.display_name as "contactName", m.direction, m.author, m.agent_id as "agentId",
  g.name as "agentName", m.created_at as at, t.id as "ticketId", t.number as "ticketNumber"
from messages m join conversations c on c.id = m.conversation_id join contacts p on p.id = c.contact_id
left join agents g on g.id = m.agent_id
left join lateral (
  select id, number from tickets where conversation_id = m.conversation_id order by number desc limit 1
) t on true
where m.id = any($1::uuid[])`

const [news, past] = ['message-search', 'message-search-past']
/** Among the places of readers: the moment of the oldest message in the index. */
export const searchStart = 'message-search-start'

const conversationsOfTicket = 'select conversation_id as id from tickets where id = $1'
/** A merged contact leads to the one it went into. */
const conversationsOfContact = `
with recursive chain(id, depth) as (
  select id, 0 from contacts where id = $1
  union all
  select p.merged_into, depth + 1 from chain join contacts p on p.id = chain.id
  where p.merged_into is not null and depth < 20
)
select c.id from chain left join conversations c on c.contact_id = chain.id`

const present = (row: Row): FoundMessage =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as FoundMessage

const unknown = (what: string): TongdaError =>
  new TongdaError('not_found', `there is no such ${what}; it may have been erased`)

/** The conversations that both lead to. */
const conversationsOf =
  (query: Query): MessageIndex['conversationsOf'] =>
  async ({ contactId, ticketId }) => {
    const of = async (text: string, id: string | undefined, what: string) => {
      if (id === undefined) return undefined
      const rows = await query<{ id: string | null }>(text, [id])
      if (rows.length === 0) throw unknown(what)
      return rows.flatMap((row) => row.id ?? [])
    }
    const ofTicket = await of(conversationsOfTicket, ticketId, 'ticket')
    const ofContact = await of(conversationsOfContact, contactId, 'contact')
    if (ofTicket === undefined || ofContact === undefined) return ofTicket ?? ofContact ?? []
    return ofTicket.filter((id) => ofContact.includes(id))
  }

/** Looks messages up on one database. */
export const createMessageIndex = ({ query }: Database): MessageIndex => ({
  oldest: async () => {
    const place = await placeOf(query, searchStart)
    return place === undefined ? undefined : new Date(Number(place))
  },
  candidates: ({ buckets, grams, from, until, before, limit }) =>
    query<Candidate & Row>(findCandidates, [buckets, grams, from, until, before.at, before.id, limit]),
  conversationsOf: conversationsOf(query),
  within: (conversationIds, { filter: { from, inboxId, channel, author, direction }, before, limit }) =>
    query<Candidate & Row>(findWithin, [
      ...[conversationIds, from, before.at, before.id],
      ...[inboxId, channel, author, direction, limit],
    ]),
  describe: async (ids) => (await query(describeMessages, [ids])).map(present),
})

const newestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const unindexedFields = `m.id, m.created_at as at, m.parts, m.inbox_id as "inboxId", c.channel, m.author, m.direction`
const readMessages = `
select ${unindexedFields} from messages m join conversations c on c.id = m.conversation_id where m.id = any($1::uuid[])`
const readOlder = `
select ${unindexedFields} from (select * from messages where id < $1::uuid order by id desc limit $2) m
join conversations c on c.id = m.conversation_id order by m.id desc`

/**
 * A message that was deleted meanwhile is left out. The moment of the oldest, in milliseconds, stands among the places:
 * the index has no order of its own.
 */
const insertLines = `
with added as (
  insert into message_search (message_id, at, grams)
  select x.id, ${moment}, x.grams
  from jsonb_to_recordset($1::jsonb) as x(id uuid, grams int[]) join messages m on m.id = x.id
  on conflict do nothing returning at
)
insert into event_readers as r (name, place)
select $2, (extract(epoch from min(at)) * 1000)::bigint::text from added having count(*) > 0
on conflict (name) do update set place = excluded.place where r.place::bigint > excluded.place::bigint`

/** Takes messages into the index on one database. */
export const createMessageIntake = (database: Database): MessageIntake => {
  const { query } = database
  const keep = (reader: string, { before, after, lines }: IndexStep): Promise<boolean> =>
    database.transaction(async (transaction) => {
      if (!(await moveReader(transaction, reader, { before, after }))) return false
      if (lines.length > 0) await transaction(insertLines, [toJson(lines), searchStart])
      return true
    })
  return {
    places: async () => {
      const [newest, oldest] = [await placeOf(query, news), await placeOf(query, past)]
      return newest === undefined || oldest === undefined ? undefined : { news: newest, past: oldest }
    },
    begin: async (place) => {
      await query(
        'insert into event_readers (name, place) values ($1, $2), ($3, $4) on conflict (name) do nothing',
        [news, place, past, newestId],
      )
    },
    messages: (ids) => query<UnindexedMessage & Row>(readMessages, [ids]),
    older: (before, limit) => query<UnindexedMessage & Row>(readOlder, [before, limit]),
    keepNews: (step) => keep(news, step),
    keepPast: (step) => keep(past, step),
  }
}
