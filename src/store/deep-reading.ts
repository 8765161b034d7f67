import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeepReading, LateSequence, Orphans, SealedValue } from '../core/deep-check.ts'
import { readTables, sqlName } from './copy-tables.ts'
import type { Database, Query } from './database.ts'
import { migrationsFolder, migrationTags } from './migrate.ts'

const rules = `
select n.nspname || '.' || c.relname as child, p.nspname || '.' || f.relname as parent,
  (select array_agg(a.attname::text order by k.at) from unnest(o.conkey) with ordinality as k(num, at)
    join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.num) as columns,
  (select array_agg(a.attname::text order by k.at) from unnest(o.confkey) with ordinality as k(num, at)
    join pg_attribute a on a.attrelid = o.confrelid and a.attnum = k.num) as keys
from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class f on f.oid = o.confrelid join pg_namespace p on p.oid = f.relnamespace
where o.contype = 'f' and n.nspname = 'public' order by 1, 3`

interface Rule extends Record<string, unknown> {
  readonly child: string
  readonly parent: string
  readonly columns: readonly string[]
  readonly keys: readonly string[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const bare = (table: string): string => table.slice(table.indexOf('.') + 1)

const orphansOf = async (query: Query, { child, parent, columns, keys }: Rule): Promise<Orphans> => {
  const given = columns.map((name) => `c.${quoted(name)} is not null`).join(' and ')
  const same = columns.map((name, at) => `p.${quoted(keys[at] ?? '')} = c.${quoted(name)}`).join(' and ')
  const [row] = await query<{ rows: number }>(
    `select count(*)::int as rows from ${sqlName(child)} c where ${given}
     and not exists (select from ${sqlName(parent)} p where ${same})`,
  )
  return {
    rule: `${bare(child)}.${columns.join(', ')} → ${bare(parent)}.${keys.join(', ')}`,
    rows: row?.rows ?? 0,
  }
}

/** Those that columns draw from by themselves. */
const ownSequences = `
select s.schemaname || '.' || s.sequencename as sequence, n.nspname || '.' || c.relname as table, a.attname as column,
  s.last_value::float8 as value
from pg_sequences s
  join pg_class q on q.relname = s.sequencename join pg_namespace m on m.oid = q.relnamespace and m.nspname = s.schemaname
  join pg_depend d on d.objid = q.oid and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
    and d.refclassid = 'pg_class'::regclass
  join pg_class c on c.oid = d.refobjid join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
where s.schemaname = 'public' order by 1`

/** Those that statements of ours draw from. */
const drawn = [
  { sequence: 'public.ticket_numbers', table: 'public.tickets', column: 'number' },
  { sequence: 'public.incident_numbers', table: 'public.incidents', column: 'number' },
]

interface OwnSequence extends Record<string, unknown> {
  readonly sequence: string
  readonly table: string
  readonly column: string
  readonly value: number | null
}

const sequencesOf = async (query: Query): Promise<readonly OwnSequence[]> => {
  const more: OwnSequence[] = []
  for (const named of drawn) {
    const [row] = await query<{ value: number | null }>(
      `select last_value::float8 as value from pg_sequences where schemaname || '.' || sequencename = $1`,
      [named.sequence],
    )
    // An older schema may not have it yet.
    if (row !== undefined) more.push({ ...named, value: row.value })
  }
  return [...(await query<OwnSequence>(ownSequences)), ...more]
}

const lateOf = async (query: Query): Promise<readonly LateSequence[]> => {
  const late: LateSequence[] = []
  for (const { sequence, table, column, value } of await sequencesOf(query)) {
    const [row] = await query<{ most: number | null }>(
      `select max(${quoted(column)})::float8 as most from ${sqlName(table)}`,
    )
    const most = row?.most ?? 0
    if (most > (value ?? 0))
      late.push({ sequence, column: `${bare(table)}.${column}`, value: value ?? 0, most })
  }
  return late
}

/** Where sealed values stand, by their tables. */
const sealedIn: Readonly<Record<string, string>> = {
  secrets: `select 'secrets ' || name as "where", value as sealed from secrets`,
  webhook_endpoints: `select 'webhook_endpoints ' || id as "where", unnest(secrets) as sealed from webhook_endpoints`,
  second_factors: `select 'second_factors ' || agent_id as "where", secret as sealed from second_factors`,
  push_subscriptions: `select 'push_subscriptions ' || id as "where", target as sealed from push_subscriptions`,
}

const sealedOf = async (query: Query): Promise<readonly SealedValue[]> => {
  const there = new Set((await readTables(query)).map(({ name }) => bare(name)))
  const found: SealedValue[] = []
  for (const [table, text] of Object.entries(sealedIn))
    if (there.has(table)) found.push(...(await query<Record<string, unknown> & SealedValue>(text)))
  return found
}

const waiting = `
select coalesce(extract(epoch from now() - (
    select min(greatest(o.next_attempt_at, o.created_at)) from outbox o where o.status = 'queued' and o.next_attempt_at <= now()
      and not o.passive_only
      and not exists (select from inbox_pauses p where p.inbox_id = o.inbox_id and p.until > now()))) * 1000, 0)::float8 as "messageMs",
  coalesce(extract(epoch from now() - (
    select min(ready_at) from conversations where ready_at <= now() and (lease_until is null or lease_until < now()))) * 1000,
    0)::float8 as "turnMs"`

const migrationHash = (tag: string): string =>
  createHash('sha256')
    .update(readFileSync(join(migrationsFolder, `${tag}.sql`)))
    .digest('hex')

/** Looks deep into one database. */
export const createDeepReading = ({ query }: Pick<Database, 'query'>): DeepReading => ({
  migrations: async () => {
    const done = await query<{ hash: string }>('select hash from drizzle.__drizzle_migrations')
    const there = new Set(done.map(({ hash }) => hash))
    const known = migrationTags().map(migrationHash)
    const reached = known.findLastIndex((hash) => there.has(hash)) + 1
    return {
      lacking: known.slice(0, reached).filter((hash) => !there.has(hash)).length,
      toCome: known.length - reached,
      unknown: [...there].filter((hash) => !known.includes(hash)).length,
    }
  },
  tables: async () => {
    const tables = await readTables(query)
    let rows = 0
    for (const { name } of tables) {
      const [row] = await query<{ rows: number }>(`select count(*)::float8 as rows from ${sqlName(name)}`)
      rows += row?.rows ?? 0
    }
    return { tables: tables.length, rows }
  },
  orphans: async () => {
    const found: Orphans[] = []
    for (const rule of await query<Rule>(rules)) found.push(await orphansOf(query, rule))
    return found.filter(({ rows }) => rows > 0)
  },
  lateSequences: () => lateOf(query),
  sealed: () => sealedOf(query),
  oldest: async () => {
    const [row] = await query<{ messageMs: number; turnMs: number }>(waiting)
    return row ?? { messageMs: 0, turnMs: 0 }
  },
  clockAheadMs: async () => {
    const before = Date.now()
    const [row] = await query<{ ms: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    )
    return (row?.ms ?? before) - (before + Date.now()) / 2
  },
})
