import { v7 as uuid, validate } from 'uuid'
import type { Contact, ContactIdentity, ContactMerge, ContactStore } from '../core/contact.ts'
import { TongdaError } from '../core/errors.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { lockConversations } from './lock-conversations.ts'

const unknownContact = (): TongdaError =>
  new TongdaError('not_found', 'there is no such contact; it may have been erased')

/** Whom a merged contact went into, however many steps; its own id for one that was never merged. */
const resolve = `
with recursive chain(id, depth) as (
  select id, 0 from contacts where id = $1 and erased_at is null
  union all
  select c.merged_into, chain.depth + 1 from chain join contacts c on c.id = chain.id
  where c.merged_into is not null and chain.depth < 20
)
select id from chain order by depth desc limit 1`

/** The id of the contact that `contactId` leads to. Throws `not_found` for one that is unknown or erased. */
export const findContactId = async (query: Query, contactId: string): Promise<string> => {
  const [row] = validate(contactId) ? await query<{ id: string }>(resolve, [contactId]) : []
  if (row === undefined) throw unknownContact()
  return row.id
}

const readIdentities = `
select i.inbox_id as "inboxId", coalesce(c.channel, 'api') as channel, i.contact_key as "contactKey",
  i.avatar_media_id as "avatarMediaId",
  i.display_name as "displayName", i.fallback, i.created_at as "createdAt", c.id as "conversationId",
  c.last_inbound_at as "lastInboundAt", c.quota
from contact_identities i
left join lateral (
  select * from conversations v where v.inbox_id = i.inbox_id and v.contact_key = i.contact_key
  order by v.last_inbound_at desc nulls last limit 1
) c on true
where i.contact_id = $1 order by i.created_at, i.inbox_id`

const readMerges = `
select m.id, m.from_contact_id as "fromContactId", p.display_name as "fromName", m.at, m.reason,
  m.agent_id as "agentId", m.undone_at as "undoneAt"
from contact_merges m join contacts p on p.id = m.from_contact_id where m.into_contact_id = $1 order by m.at desc`

/** A null column is an absent property. */
const present = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

interface StoredQuota {
  readonly left: number
  readonly until: string
  readonly reserved: number
}

const toIdentity = (row: Row): ContactIdentity => {
  const { quota, ...rest } = present(row)
  const open = Object.entries((quota ?? {}) as Record<string, StoredQuota>)
  return {
    ...(rest as unknown as ContactIdentity),
    ...(quota === undefined
      ? {}
      : {
          quota: Object.fromEntries(
            open.map(([name, { until, ...left }]) => [name, { ...left, until: new Date(until) }]),
          ),
        }),
  }
}

const read = async (query: Query, contactId: string): Promise<Contact> => {
  const id = await findContactId(query, contactId)
  const [row] = await query<{ display_name: string; tier: string | null; created_at: Date }>(
    'select display_name, tier, created_at from contacts where id = $1',
    [id],
  )
  if (row === undefined) throw unknownContact()
  const identities = await query(readIdentities, [id])
  const merges = await query(readMerges, [id])
  const tickets = await query<{ id: string; number: number; state: string } & Row>(
    'select id, number, state from tickets where contact_id = $1 order by number desc limit 50',
    [id],
  )
  return {
    id,
    displayName: row.display_name,
    ...(row.tier === null ? {} : { tier: row.tier }),
    createdAt: row.created_at,
    identities: identities.map(toIdentity),
    merges: merges.map((merge) => present(merge) as unknown as ContactMerge),
    tickets,
  }
}

// What is owed to the contact is reckoned again: another tier may have other terms.
const setTier = `
with ranked as (update contacts set tier = $2 where id = $1 and tier is distinct from $2 returning id)
update tickets t set reckoned_version = 0, updated_at = now() from ranked
where t.contact_id = ranked.id and t.state not in ('solved', 'closed')`

/**
 * Who is called so, or is reached so, from the beginning. Compared by bytes within a range, as the indexes are ordered:
 * whatever the plan, the first of each are found without reading the rest.
 */
const beginsWith = (text: string): string =>
  `lower(${text}) ~>=~ lower($1) and lower(${text}) ~<~ (lower($1) || U&'\\+10FFFF') order by lower(${text}) using ~<~ limit $2`

// Telephones and mail addresses are shown masked: they are found whole, not digit by digit.
const searchContacts = `
with found as (
  (select id from contacts where merged_into is null and ${beginsWith('display_name')})
  union (select contact_id from contact_identities where ${beginsWith('display_name')})
  union (select contact_id from contact_identities where (contact_key !~ '@|^[+]?[0-9 -]{7,}$'
    or lower(contact_key) = lower($1)) and ${beginsWith('contact_key')})
)
select p.id, p.display_name as "displayName", array_agg(distinct i.inbox_id) as inboxes
from found join contacts p on p.id = found.id join contact_identities i on i.contact_id = p.id
group by p.id, p.display_name order by p.display_name limit $2`

// In the order of lock-conversations.ts; the addresses come last.
const moves = [
  ['conversations', 'id'],
  ['tickets', 'id'],
] as const

interface Moved {
  readonly conversations: readonly string[]
  readonly tickets: readonly string[]
  readonly identities: readonly { readonly inboxId: string; readonly contactKey: string }[]
}

const move = async (query: Query, from: string, into: string): Promise<Moved> => {
  const held = await query<{ id: string }>('select id from conversations where contact_id = $1', [from])
  await lockConversations(
    query,
    held.map(({ id }) => id),
  )
  const moved: Record<string, string[]> = {}
  for (const [table, key] of moves) {
    const rows = await query<{ id: string }>(
      `update ${table} set contact_id = $2 where contact_id = $1 returning ${key} as id`,
      [from, into],
    )
    moved[table] = rows.map(({ id }) => id)
  }
  const identities = await query<{ inboxId: string; contactKey: string }>(
    `update contact_identities set contact_id = $2 where contact_id = $1
     returning inbox_id as "inboxId", contact_key as "contactKey"`,
    [from, into],
  )
  return { conversations: moved.conversations ?? [], tickets: moved.tickets ?? [], identities }
}

/** As accepting does: addresses first, then contacts, then what lock-conversations.ts orders. */
export const lockAddresses = (query: Query, contactIds: readonly string[]) =>
  query(
    `select 1 from contact_identities where contact_id = any($1::uuid[])
     order by inbox_id, contact_key for no key update`,
    [contactIds],
  )

type MergeRequest = Parameters<ContactStore['merge']>[0]

/** `merge` within a transaction of the caller's. */
export const mergeContacts = async (query: Query, request: MergeRequest): Promise<string> => {
  const { from, into, reason, agentId, now } = request
  const [source, target] = [await findContactId(query, from), await findContactId(query, into)]
  if (source === target) throw new TongdaError('bad_input', 'both are the same contact already')
  await lockAddresses(query, [source, target])
  // Both rows, in one order everywhere: two agents who merge the same two meet here.
  const locked = await query<{ moved: boolean }>(
    `select merged_into is not null or erased_at is not null as moved from contacts
     where id = any($1::uuid[]) order by id for update`,
    [[source, target]],
  )
  // Somebody else merged or erased one of them while we waited: where they lead now is what counts.
  if (locked.some(({ moved }) => moved)) return mergeContacts(query, request)
  const moved = await move(query, source, target)
  await query('update contacts set merged_into = $2 where id = $1', [source, target])
  await query(
    `update contacts set display_name = (select display_name from contacts where id = $1)
     where id = $2 and display_name = ''`,
    [source, target],
  )
  const id = uuid()
  await query(
    `insert into contact_merges (id, from_contact_id, into_contact_id, at, reason, agent_id, moved)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [id, source, target, now, reason, agentId, toJson(moved)],
  )
  return id
}

const undoMerge = async (query: Query, mergeId: string, now: Date): Promise<void> => {
  const [merge] = validate(mergeId)
    ? await query<{ from: string; into: string; moved: Moved; undone: Date | null }>(
        `select from_contact_id as "from", into_contact_id as "into", moved, undone_at as undone
         from contact_merges where id = $1 for update`,
        [mergeId],
      )
    : []
  if (merge === undefined) throw new TongdaError('not_found', 'there is no such merge')
  if (merge.undone !== null) throw new TongdaError('conflict', 'this merge has been undone already')
  const { from, into, moved } = merge
  for (const [table] of moves) {
    const sql = `update ${table} set contact_id = $1 where contact_id = $2 and id = any($3::uuid[])`
    await query(sql, [from, into, moved[table]])
  }
  await query(
    `update contact_identities i set contact_id = $1
     from jsonb_to_recordset($3::jsonb) as x("inboxId" text, "contactKey" text)
     where i.contact_id = $2 and i.inbox_id = x."inboxId" and i.contact_key = x."contactKey"`,
    [from, into, toJson(moved.identities)],
  )
  await query('update contacts set merged_into = null where id = $1', [from])
  await query('update contact_merges set undone_at = $2 where id = $1', [mergeId, now])
}

/** The contacts of one database. */
export const createContactStore = (database: Database): ContactStore => ({
  get: (contactId) => read(database.query, contactId),
  search: (text, limit) => database.query(searchContacts, [text, limit]),
  merge: (request) => retryCollisions(() => database.transaction((query) => mergeContacts(query, request))),
  undo: (mergeId, now) =>
    retryCollisions(() => database.transaction((query) => undoMerge(query, mergeId, now))),
  setTier: async (contactId, tier) => {
    await database.query(setTier, [await findContactId(database.query, contactId), tier])
  },
  setFallback: async ({ inboxId, contactKey, fallback }) => {
    const rows = await database.query(
      'update contact_identities set fallback = $3 where inbox_id = $1 and contact_key = $2 returning 1',
      [inboxId, contactKey, fallback],
    )
    if (rows.length === 0) throw unknownContact()
  },
})
