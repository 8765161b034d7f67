import { v7 as uuid } from 'uuid'
import type { Accepted } from '../core/channel.ts'
import { initialDialogue, type AcceptItem } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import { mergeContacts } from './contacts.ts'
import { digestOf, findErased } from './erased-messages.ts'
import { retryCollisions, toJson, type Database, type Query } from './database.ts'

/**
 * New addresses first. `on conflict do update` returns the row that is there, ours or another node's, so that two
 * nodes which meet a contact at the same moment agree on one. An address whose union key is known belongs to the
 * contact who has it already.
 */
const ensureContacts = `
with input as (
  select distinct on (inbox_id, contact_key) * from jsonb_to_recordset($1::jsonb)
    as x(inbox_id text, contact_key text, contact_id uuid, union_key text, name text)
), identity as (
  insert into contact_identities as i (inbox_id, contact_key, contact_id, union_key, display_name)
  select inbox_id, contact_key, coalesce((
      select k.contact_id from contact_identities k where k.union_key = input.union_key order by k.created_at limit 1
    ), contact_id), union_key, coalesce(name, '')
  from input order by inbox_id, contact_key
  on conflict (inbox_id, contact_key) do update set union_key = coalesce(excluded.union_key, i.union_key),
    display_name = case when excluded.display_name = '' then i.display_name else excluded.display_name end
  returning inbox_id, contact_key, contact_id
), person as (
  insert into contacts (id, display_name, created_at)
  select identity.contact_id, coalesce(input.name, ''), $2::timestamptz
  from identity join input using (inbox_id, contact_key)
  where identity.contact_id = input.contact_id
  on conflict (id) do nothing
)
update contacts p set display_name = input.name
from identity join input using (inbox_id, contact_key)
where p.id = identity.contact_id and p.display_name = '' and input.name <> ''`

/** Pairs of contacts that share a union key: the one that was there first, and one that is the same person. */
const findTwins = `
select distinct first.contact_id as "into", i.contact_id as "from"
from jsonb_to_recordset($1::jsonb) as x(union_key text)
join contact_identities i on i.union_key = x.union_key
join lateral (
  select k.contact_id from contact_identities k where k.union_key = x.union_key order by k.created_at, k.contact_id limit 1
) first on first.contact_id <> i.contact_id`

/** One statement: known messages are left out, conversations made or made ready, messages numbered and stored. */
const acceptMessages = `
with input as (
  select * from jsonb_to_recordset($1::jsonb) as x(
    ord int, id uuid, conversation_id uuid, inbox_id text, channel text, dedup_key text, contact_key text,
    thread_key text, account_key text, parts jsonb, provider_id text, sent_at timestamptz, wants_reply boolean,
    may_continue boolean, passive_ms int, settle_ms int, settle_max_ms int, quota jsonb)
), fresh as (
  select distinct on (i.inbox_id, i.dedup_key) i.* from input i
  where not exists (select 1 from messages m where m.inbox_id = i.inbox_id and m.dedup_key = i.dedup_key)
    and not exists (select 1 from erased_messages e where e.digest = ${digestOf('i')})
  order by i.inbox_id, i.dedup_key, i.ord
), numbered as (
  select f.*, row_number() over (partition by inbox_id, thread_key order by sent_at, provider_id, ord)::int as place,
    count(*) over (partition by inbox_id, thread_key)::int as total
  from fresh f
), threads as (
  select distinct on (n.inbox_id, n.thread_key) n.conversation_id, n.inbox_id, n.channel, n.thread_key, n.contact_key,
    n.account_key, n.total, ci.contact_id,
    min(n.settle_ms) over thread as settle_ms, max(n.settle_max_ms) over thread as settle_max_ms,
    (select jsonb_object_agg(entry.key, entry.value) from numbered q, jsonb_each(q.quota) entry
      where q.inbox_id = n.inbox_id and q.thread_key = n.thread_key) as quota,
    bool_or(n.quota is not null) over thread as has_quota
  from numbered n join contact_identities ci on ci.inbox_id = n.inbox_id and ci.contact_key = n.contact_key
  window thread as (partition by n.inbox_id, n.thread_key)
  order by n.inbox_id, n.thread_key, n.place
), conversation as (
  insert into conversations as c (id, inbox_id, channel, thread_key, contact_key, account_key, contact_id, dialogue,
    quota, last_seq, pending, ready_at, settle_until, last_inbound_at, created_at)
  select conversation_id, inbox_id, channel, thread_key, contact_key, account_key, contact_id, $3::jsonb,
    case when has_quota then coalesce(quota, '{}') end, total, total,
    now() + settle_ms * interval '1 millisecond',
    case when settle_ms > 0 then now() + settle_max_ms * interval '1 millisecond' end, $2, $2
  -- In the order of lock-conversations.ts.
  from threads order by inbox_id, thread_key
  on conflict (inbox_id, thread_key) do update set
    last_seq = c.last_seq + excluded.last_seq,
    pending = c.pending + excluded.pending,
    account_key = coalesce(excluded.account_key, c.account_key),
    last_inbound_at = excluded.last_inbound_at,
    mode = case when c.mode = 'closed' then 'bot' else c.mode end,
    quota = case when excluded.quota is null then c.quota else coalesce(c.quota, '{}') || excluded.quota end,
    -- Pieces extend the wait up to its end; whatever must not wait ends it; a person's conversation never waits.
    ready_at = case
      when excluded.settle_until is null or c.mode = 'human' then least(c.ready_at, now())
      when c.pending = 0 then excluded.ready_at
      when c.settle_until is null then c.ready_at
      else least(excluded.ready_at, c.settle_until) end,
    settle_until = case
      when excluded.settle_until is null or c.mode = 'human' then null
      when c.pending = 0 then excluded.settle_until
      else c.settle_until end
  returning c.id, c.inbox_id, c.thread_key, c.last_seq, c.contact_id
), stored as (
  insert into messages (id, conversation_id, seq, inbox_id, dedup_key, direction, author, parts, provider_id, sent_at,
    created_at, pending, wants_reply, may_continue, passive_until)
  select n.id, c.id, c.last_seq - n.total + n.place, n.inbox_id, n.dedup_key, 'in', 'contact', n.parts, n.provider_id,
    n.sent_at, $2, true, n.wants_reply, n.may_continue,
    case when n.passive_ms > 0 then now() + n.passive_ms * interval '1 millisecond' end
  from numbered n join conversation c using (inbox_id, thread_key)
  returning id, inbox_id, dedup_key, conversation_id, seq
), logged as (
  insert into events (type, at, conversation_id, contact_id, data)
  select 'message.received', $2, s.conversation_id, c.contact_id,
    jsonb_build_object('messageId', s.id, 'seq', s.seq, 'inboxId', s.inbox_id)
  from stored s join conversation c on c.id = s.conversation_id order by s.conversation_id, s.seq
)
select * from stored`

/**
 * Answers that waited for the contact. A statement after the one that took the conversations' locks: whoever held one
 * may have put an answer to waiting meanwhile, or erased the contact, which only a later look sees.
 */
const releaseWaiting = `
with released as (
  update outbox set status = 'queued', next_attempt_at = now()
  where conversation_id = any($1::uuid[]) and status = 'waiting' and not passive_only
)
select exists (select from conversations c join contacts p on p.id = c.contact_id
  where c.id = any($1::uuid[]) and p.erased_at is not null) as erased`

/** Whoever is erased at this moment is taken for known until the locks are had: then all is taken back. */
const erasedMeanwhile = new Error('a contact was erased while their message was accepted')

/** Of messages that were erased: they were fetched once more, and nobody names them. */
const doomFiles = `
update media set unsent_since = '-infinity' where id = any(array(
  select (file #>> '{}')::uuid from jsonb_path_query($1::jsonb, '$.**.mediaId') file
  union select (file #>> '{}')::uuid from jsonb_path_query($1::jsonb, '$.**.inline.*') file))`

const findKnown = `
select m.id, m.inbox_id, m.dedup_key, m.conversation_id, m.seq
from jsonb_to_recordset($1::jsonb) as x(inbox_id text, dedup_key text)
join messages m on m.inbox_id = x.inbox_id and m.dedup_key = x.dedup_key`

const keyOf = (inboxId: string, dedupKey: string): string => `${inboxId}\n${dedupKey}`

const toRow = ({ message, channel, settleMs, settleMaxMs, quota }: AcceptItem, ord: number) => ({
  ord,
  id: uuid(),
  conversation_id: uuid(),
  contact_id: uuid(),
  inbox_id: message.inboxId,
  channel,
  dedup_key: message.dedupKey,
  contact_key: message.contactKey,
  thread_key: message.threadKey,
  account_key: message.accountKey,
  union_key: message.unionKey,
  name: message.displayName,
  parts: message.parts,
  provider_id: message.providerId,
  sent_at: message.sentAt,
  wants_reply: message.wantsReply,
  may_continue: message.mayContinue,
  passive_ms: message.passiveBudgetMs,
  settle_ms: settleMs,
  settle_max_ms: settleMaxMs,
  quota,
})
type InputRow = ReturnType<typeof toRow>

interface StoredRow extends Record<string, unknown> {
  readonly id: string
  readonly inbox_id: string
  readonly dedup_key: string
  readonly conversation_id: string
  readonly seq: number
}

const byKey = (rows: readonly StoredRow[]): Map<string, StoredRow> =>
  new Map(rows.map((row) => [keyOf(row.inbox_id, row.dedup_key), row]))

/** The contacts this process knows to be stored as they are: spares a statement for everyone but newcomers. */
const createKnownContacts = (limit: number) => {
  const known = new Set<string>()
  const key = (row: InputRow) =>
    [row.inbox_id, row.contact_key, row.union_key ?? '', row.name ?? ''].join('\n')
  return {
    unknown: (rows: readonly InputRow[]) => rows.filter((row) => !known.has(key(row))),
    add: (rows: readonly InputRow[]) => {
      if (known.size + rows.length > limit) known.clear()
      for (const row of rows) known.add(key(row))
    },
    forget: () => known.clear(),
  }
}

type KnownContacts = ReturnType<typeof createKnownContacts>

/** Makes contacts of newcomers; who they are is known from then on. */
const createEnsure = (database: Database, contacts: KnownContacts) => {
  const { query } = database

  /** An address that brings its union key late may make two contacts one. */
  const join = async (rows: readonly InputRow[], now: Date): Promise<void> => {
    const keyed = rows.filter(({ union_key }) => union_key !== undefined)
    if (keyed.length === 0) return
    for (const twins of await query<{ from: string; into: string }>(findTwins, [toJson(keyed)]))
      await retryCollisions(() =>
        database.transaction((inner) => mergeContacts(inner, { ...twins, reason: 'union', now })),
      ).catch((error: unknown) => {
        // Another node joined them first.
        if (!(error instanceof TongdaError)) throw error
      })
  }

  return async (rows: readonly InputRow[], now: Date): Promise<void> => {
    const unknown = contacts.unknown(rows)
    if (unknown.length === 0) return
    await query(ensureContacts, [toJson(unknown), now])
    await join(unknown, now)
    contacts.add(unknown)
  }
}

/** Which of these were erased, by their `ord`; files that came with them once more are kept by nobody. */
const refuseErased = async (query: Query, rows: readonly InputRow[]): Promise<ReadonlySet<number>> => {
  const gone = await findErased(query, rows)
  const refused = rows.filter(({ ord }) => gone.has(ord)).map(({ parts }) => parts)
  if (refused.length > 0) await query(doomFiles, [toJson(refused)])
  return gone
}

/** `accept` of the conversation store. */
export const createAccept = (database: Database) => {
  const { query } = database
  const contacts = createKnownContacts(50_000)
  const ensure = createEnsure(database, contacts)

  /** A provider that sends an erased message once more does not make its contact known again. */
  const withoutErased = async (rows: readonly InputRow[]): Promise<readonly InputRow[]> => {
    const unknown = contacts.unknown(rows)
    if (unknown.length === 0) return rows
    const erased = await findErased(query, unknown)
    return rows.filter(({ ord }) => !erased.has(ord))
  }

  const write = (rows: readonly InputRow[], now: Date): Promise<readonly StoredRow[]> =>
    database.transaction(async (inner) => {
      const added = await inner<StoredRow>(acceptMessages, [toJson(rows), now, toJson(initialDialogue)])
      const conversationIds = [...new Set(added.map((row) => row.conversation_id))]
      if (conversationIds.length === 0) return added
      const [looked] = await inner<{ erased: boolean }>(releaseWaiting, [conversationIds])
      if (looked?.erased === true) throw erasedMeanwhile
      return added
    })

  const store = async (all: readonly InputRow[], now: Date): Promise<Map<string, StoredRow>> => {
    const rows = await withoutErased(all)
    if (rows.length === 0) return new Map()
    await ensure(rows, now)
    try {
      return byKey(await write(rows, now))
    } catch (error) {
      if (error !== erasedMeanwhile) throw error
      contacts.forget()
      return store(all, now)
    }
  }

  return async (items: readonly AcceptItem[], now: Date): Promise<readonly Accepted[]> => {
    const rows = items.map(toRow)
    const fresh = await store(rows, now)
    const missing = rows.filter((row) => !fresh.has(keyOf(row.inbox_id, row.dedup_key)))
    const known =
      missing.length === 0
        ? new Map<string, StoredRow>()
        : byKey(await query<StoredRow>(findKnown, [toJson(missing)]))
    // Neither stored nor known: the contact was erased after this process last saw it.
    const erased = missing.filter((row) => !known.has(keyOf(row.inbox_id, row.dedup_key)))
    if (erased.length > 0) {
      contacts.forget()
      for (const [key, row] of await store(erased, now)) fresh.set(key, row)
    }
    const gone = await refuseErased(query, erased)
    return rows.map((row) => {
      const key = keyOf(row.inbox_id, row.dedup_key)
      // What was erased is taken as known: under ids that lead nowhere.
      const own = gone.has(row.ord) ? { ...row, seq: 0 } : undefined
      const stored = fresh.get(key) ?? known.get(key) ?? own
      if (stored === undefined) throw new Error('a message was neither stored nor known')
      return {
        outcome: stored.id === row.id && stored !== own ? 'accepted' : 'duplicate',
        messageId: stored.id,
        conversationId: stored.conversation_id,
        seq: stored.seq,
      }
    })
  }
}
