import type { CopiedFrame, CopiedTable, TableSum, WaitingWork } from '../core/copying.ts'
import { createTableSum } from '../core/table-sum.ts'
import type { Query } from './database.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A table's name as SQL. Its schema has no dot. */
export const sqlName = (table: string): string => {
  const dot = table.indexOf('.')
  return `${quoted(table.slice(0, dot))}.${quoted(table.slice(dot + 1))}`
}

/** How values are written as text, the same on every server, and room for long statements. */
const settings = `
set local timezone = 'UTC';
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres';
set local bytea_output = 'hex';
set local extra_float_digits = 1;
set local enable_seqscan = on;
set local enable_hashjoin = on;
set local enable_mergejoin = on;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0`

/** Prepares a transaction for copying. */
export const prepareCopy = async (query: Query): Promise<void> => {
  for (const statement of settings.split(';')) await query(statement)
}

/** Partitions are copied by what they are partitions of; what a column is made of is made anew. */
const tables = `
select n.nspname || '.' || c.relname as name, (
  select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'pgboss') and c.relkind in ('r', 'p') and not c.relispartition
  and not (n.nspname = 'pgboss' and c.relname = 'version')
order by 1`

const sequences = `
select schemaname || '.' || sequencename as name, last_value::text as value
from pg_sequences where schemaname = 'public' and last_value is not null order by 1`

const keys = `
select n.nspname || '.' || c.relname as table, o.conname as name, pg_get_constraintdef(o.oid) as definition
from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
where o.contype = 'f' and o.conparentid = 0 and n.nspname in ('public', 'pgboss') order by 1, 2`

/** The tables of the product in a database. */
export const readTables = (query: Query): Promise<readonly CopiedTable[]> =>
  query<{ name: string; columns: CopiedTable['columns'][number][] }>(tables)

const hasJobs = async (query: Query): Promise<boolean> =>
  (await query(`select to_regclass('pgboss.version') is not null as found`))[0]?.found === true

/** Everything but rows. */
export const readFrame = async (query: Query): Promise<CopiedFrame> => {
  const [migration] = await query<{ newest: string | null }>(
    'select max(created_at)::text as newest from drizzle.__drizzle_migrations',
  )
  const [jobs] = (await hasJobs(query))
    ? await query<{ version: number }>('select version from pgboss.version')
    : []
  return {
    schema: {
      migration: Number(migration?.newest ?? 0),
      ...(jobs === undefined ? {} : { jobs: jobs.version }),
    },
    tables: await readTables(query),
    sequences: await query<{ name: string; value: string }>(sequences),
    queues:
      jobs === undefined
        ? []
        : (await query<{ name: string }>('select name from pgboss.queue order by name')).map(
            ({ name }) => name,
          ),
  }
}

/** What the database is about to do by itself. */
export const readWaiting = async (query: Query): Promise<WaitingWork> => {
  const [messages] = await query<{ count: number }>(
    `select count(*)::int as count from outbox where status in ('queued', 'sending', 'waiting')`,
  )
  const [webhooks] = await query<{ count: number }>(
    `select count(*)::int as count from webhook_deliveries where status = 'pending'`,
  )
  const [jobs] = (await hasJobs(query))
    ? await query<{ count: number }>(
        `select count(*)::int as count from pgboss.job where state in ('created', 'retry', 'active')`,
      )
    : []
  return { messages: messages?.count ?? 0, webhooks: webhooks?.count ?? 0, jobs: jobs?.count ?? 0 }
}

const atOnce = 250

/** Rows as JSON arrays of the text of their values. The transaction reads one table at a time. */
export async function* readRows(query: Query, table: CopiedTable): AsyncGenerator<readonly string[]> {
  const values = table.columns.map(({ name }) => `${quoted(name)}::text`).join(', ')
  await query(
    `declare tongda_copy no scroll cursor for select to_json(array[${values}]::text[])::text as line from ${sqlName(table.name)}`,
  )
  for (;;) {
    const rows = await query<{ line: string }>(`fetch ${String(atOnce)} from tongda_copy`)
    if (rows.length > 0) yield rows.map(({ line }) => line)
    if (rows.length < atOnce) break
  }
  await query('close tongda_copy')
}

/** Writes rows as `readRows` gives them. */
export const writeRows = async (
  query: Query,
  { name, columns }: CopiedTable,
  lines: readonly string[],
): Promise<void> => {
  const names = columns.map((column) => quoted(column.name)).join(', ')
  const values = columns.map(({ type }, at) => `(r.line ->> ${String(at)})::${type}`).join(', ')
  const text = `insert into ${sqlName(name)} (${names}) overriding system value select ${values} from jsonb_array_elements($1::jsonb) as r(line)`
  for (let from = 0; from < lines.length; from += atOnce)
    await query(text, [`[${lines.slice(from, from + atOnce).join(',')}]`])
}

/** Sums up what stands in a table. */
export const sumTable = async (query: Query, table: CopiedTable): Promise<TableSum> => {
  const sum = createTableSum()
  for await (const lines of readRows(query, table)) for (const line of lines) sum.add(line)
  return sum.value()
}

/** Names a table in which rows stand. */
export const firstFullTable = async (query: Query): Promise<string | undefined> => {
  for (const { name } of await readTables(query)) {
    const [row] = await query<{ full: boolean }>(`select exists (select from ${sqlName(name)}) as "full"`)
    if (row?.full === true) return name
  }
  return undefined
}

/** Makes the queues, whose rows have tables of their own; their settings come with the rows of `pgboss.queue`. */
const makeQueues = async (query: Query, queues: readonly string[]): Promise<void> => {
  if (queues.length === 0) return
  for (const queue of queues) await query(`select pgboss.create_queue($1, '{}'::json)`, [queue])
}

/**
 * Takes the rules away that would stand in the way of rows in any order, and gives what puts them back; that checks
 * every row.
 */
export const loosenRules = async (query: Query, queues: readonly string[]): Promise<() => Promise<void>> => {
  await makeQueues(query, queues)
  const ours = (await readTables(query)).filter(({ name }) => name.startsWith('public.'))
  const held = await query<{ table: string; name: string; definition: string }>(keys)
  for (const { table, name } of held)
    await query(`alter table ${sqlName(table)} drop constraint ${quoted(name)}`)
  for (const { name } of ours) await query(`alter table ${sqlName(name)} disable trigger user`)
  if (queues.length > 0) await query('delete from pgboss.queue')
  return async () => {
    for (const { name } of ours) await query(`alter table ${sqlName(name)} enable trigger user`)
    for (const { table, name, definition } of held)
      await query(`alter table ${sqlName(table)} add constraint ${quoted(name)} ${definition}`)
  }
}

/** Lets sequences go on where they were. */
export const setSequences = async (query: Query, values: CopiedFrame['sequences']): Promise<void> => {
  for (const { name, value } of values)
    await query('select setval($1::regclass, $2::bigint)', [sqlName(name), value])
}
