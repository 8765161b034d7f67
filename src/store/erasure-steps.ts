import { digestOf } from './erased-messages.ts'
import { casesOf, conversationsOf } from './personal-paths.ts'
import { personalTables } from './personal-register.ts'
import type { Blanking } from './personal-table.ts'

/** Lets a transaction write what the tombstones refuse to everybody else. Its first statement. */
export const letErase = "select set_config('tongda.erasing', 'on', true)"

/** Most rows that one transaction deletes. */
export const erasedAtOnce = 2_000

/** Deletes the rows that a condition names, a batch at a time. */
export const deleting = (table: string, of: string): string => `
with gone as (
  delete from ${table} where ctid = any(array(select ctid from ${table} where ${of} limit ${String(erasedAtOnce)}))
  returning 1
) select count(*)::int as gone from gone`

/** Blanks what is not blank yet, so that doing it again changes nothing. */
export const blanking = (table: string, of: string, { blank, also = {} }: Blanking): string => {
  const set = Object.entries({ ...blank, ...also }).map(([column, value]) => `${column} = ${value}`)
  const differs = Object.entries(blank).map(([column, value]) => `${column} is distinct from ${value}`)
  return `
with gone as (
  update ${table} set ${set.join(', ')} where ${of} and (${differs.join(' or ')}) returning 1
) select count(*)::int as gone from gone`
}

/** How a table that has no index by contact is gone through, by its key. */
interface Walk {
  /** The key's columns. */
  readonly key: readonly string[]
  /** The key as one text, and `$2`, such a text, as the columns' values. */
  readonly text: string
  readonly after: string
  readonly start: string
}

/** Rows that one transaction looks at. */
const lookedAtAtOnce = 20_000

/** Deletes of the next rows after `$2` those that a condition names; `next`: the last of them, null: there were none. */
const walking = (table: string, of: string, { key, text, after }: Walk): string => `
with page as materialized (
  select ctid as place, ${key.join(', ')} from ${table} where (${key.join(', ')}) > (${after})
  order by ${key.join(', ')} limit ${String(lookedAtAtOnce)}
), gone as (
  delete from ${table} where ctid = any(array(select place from page)) and ${of} returning 1
)
select (select count(*)::int from gone) as gone,
  (select ${text} from page order by ${key.map((column) => `${column} desc`).join(', ')} limit 1) as next`

/** The tables that are large, and written too often to keep another index. */
const walks: Readonly<Record<string, Walk>> = {
  events: {
    key: ['tx', 'id'],
    text: "tx::text || '-' || id",
    after: "split_part($2, '-', 1)::xid8, split_part($2, '-', 2)::bigint",
    start: '0-0',
  },
  webhook_deliveries: {
    ...{ key: ['id'], text: 'id::text', after: '$2::uuid' },
    start: '00000000-0000-0000-0000-000000000000',
  },
}

/**
 * A statement that is run until it has no full batch any more, or has gone through its table, each time in a transaction
 * of its own.
 */
export interface ErasureStep {
  readonly table: string
  readonly statement: string
  /** It goes through its table from here on: `$2`. */
  readonly start?: string
  /** It has no parameters: it goes by what is left, not by contacts. */
  readonly isOfAll?: boolean
}

const stepOf = (table: keyof typeof personalTables): ErasureStep => {
  const { of, erase } = personalTables[table] ?? {}
  if (of === undefined || erase === undefined) throw new Error(`${table} is not declared`)
  const walk = walks[table]
  if (walk !== undefined && erase === 'delete')
    return { table, statement: walking(table, of, walk), start: walk.start }
  return {
    table,
    statement: erase === 'delete' ? deleting(table, of) : blanking(table, of, erase),
  }
}

/** Ids of the files that messages, evidence and pictures of contacts name; those of articles (version 5) stay. */
const filesOf = `
select f::uuid from (
  select file #>> '{}' from messages, jsonb_path_query(parts, '$.**.mediaId') as file
  where conversation_id in (${conversationsOf})
  union select file #>> '{}' from messages, jsonb_path_query(parts, '$.**.inline.*') as file
  where conversation_id in (${conversationsOf})
  union select media_id::text from case_evidence where case_id in (${casesOf})
  union select avatar_media_id::text from contact_identities where contact_id = any($1::uuid[])
) named(f) where f ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and substr(f, 15, 1) <> '5'`

/** Doomed as files that were never said: their bytes and rows are cleared away after. One said to others too stays. */
const doomFiles = `
with gone as (
  update media set unsent_since = '-infinity' where id in (${filesOf}) and unsent_since is distinct from '-infinity'
    and not exists (select from messages m where m.author = 'agent'
      and jsonb_path_query_array(m.parts, '$[*].media.mediaId') ? media.id::text
      and m.conversation_id not in (${conversationsOf}))
  returning 1
) select count(*)::int as gone from gone`

/** Before messages go: what a provider may send once more. `$2`: days that it may. */
export const rememberMessages = `
insert into erased_messages (digest, until)
select ${digestOf('messages')}, now() + $2 * interval '1 day'
from messages where conversation_id in (${conversationsOf}) and dedup_key is not null
on conflict (digest) do update set until = excluded.until`

/** Groups of reports that lost their last one. */
export const endGroups = `
with gone as (
  delete from complaint_groups g where not exists (
    select from complaint_objects o where o.object_key = g.object_key) returning 1
) select count(*)::int as gone from gone`

/** At once, with what nobody takes back: the contact is unknown, nothing more is sent, nobody can write. */
export const tombstoneSteps: readonly ErasureStep[] = [
  { table: 'media', statement: doomFiles },
  ...['contact_identities', 'contact_exports', 'tickets', 'conversations', 'contacts'].map(stepOf),
]

/** Nothing that waits or is on its way is sent once more, whatever its sender believes. */
export const withdrawUnsent = `
update outbox set status = 'withdrawn', fence = fence + 1, lease_owner = null, lease_until = null, settled_at = now()
where conversation_id in (${conversationsOf}) and status in ('queued', 'waiting', 'sending')`

/** Everything, in order. Running it again, from wherever it was broken off, ends the same. */
export const erasureSteps: readonly ErasureStep[] = [
  { table: 'media', statement: doomFiles },
  ...Object.keys(personalTables).map(stepOf),
  { table: 'complaint_groups', statement: endGroups, isOfAll: true },
]
