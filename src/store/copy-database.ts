import type { CopyDatabase, CopySource, FillOptions, KnownFile, Unsent } from '../core/copying.ts'
import type { Query } from './database.ts'
import { endLeases } from './end-leases.ts'
import { heldByRestore } from './retry-delivery.ts'
import {
  firstFullTable,
  loosenRules,
  prepareCopy,
  readFrame,
  readRows,
  readTables,
  readWaiting,
  setSequences,
  sumTable,
  writeRows,
} from './copy-tables.ts'

const filesAtOnce = 500

async function* readFiles(query: Query): AsyncGenerator<readonly KnownFile[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const files = await query<Record<string, unknown> & KnownFile>(
      `select id::text as id, bytes, sha256 from media where id > $1::uuid order by id limit ${String(filesAtOnce)}`,
      [after],
    )
    if (files.length > 0) yield files
    const last = files.at(-1)
    if (last === undefined || files.length < filesAtOnce) return
    after = last.id
  }
}

/** How far behind a reader is: the last event it knows, told by its number alone. */
const lastRead = (tx: string, id: string): string => `coalesce(
  (select min(e.id) - 1 from events e where (e.tx, e.id) > (${tx}, ${id})), (select max(e.id) from events e), ${id})`

/**
 * Numbers of transactions are those of the server they were given by. Where this one has not come so far, all events are
 * made older than any of its own, in their order, and readers stand before what they have not read.
 */
const settleEvents = [
  `update event_readers r set place = '0-' ||
     ${lastRead("split_part(r.place, '-', 1)::xid8", "split_part(r.place, '-', 2)::bigint")}
   where r.place ~ '^[0-9]+-[0-9]+$'`,
  `update webhook_endpoints w set tx = '0'::xid8, event_id = ${lastRead('w.tx', 'w.event_id')}`,
  `update events set tx = '0'::xid8`,
]

const fromElsewhere = `
select exists (select from events where tx >= pg_snapshot_xmax(pg_current_snapshot()))
  or exists (select from webhook_endpoints where tx >= pg_snapshot_xmax(pg_current_snapshot())) as found`

/** Archives of what is kept of a contact are no part of a copy; they are asked for anew. */
const endExports = `
update contact_exports set state = 'expired', pieces = null where state = 'ready'`

/** Copies of older versions have none. */
const hasExports = async (query: Query): Promise<boolean> =>
  (await query(`select to_regclass('public.contact_exports') is not null as found`))[0]?.found === true

const hadNotGone = `status in ('queued', 'sending', 'waiting')`

const holdMessages = `
update outbox set status = 'failed', settled_at = now(), lease_owner = null, lease_until = null,
  error = jsonb_build_object('code', '${heldByRestore}', 'message',
    'it had not gone when the backup was made; whether it went afterwards is not known')
where ${hadNotGone}`

/** The installation that was copied may have sent them since; here they go, perhaps once more. */
const markMessages = `update outbox set repeated = true where ${hadNotGone}`

/** What is done to them; of columns that every version had. */
const doneToUnsent: Readonly<Record<Unsent, readonly string[]>> = {
  go: [],
  repeat: [markMessages],
  hold: [holdMessages],
}

const settle = async (query: Query, { unsent, keepExports }: FillOptions): Promise<void> => {
  if ((await query(fromElsewhere))[0]?.found === true) for (const text of settleEvents) await query(text)
  if (!keepExports && (await hasExports(query))) await query(endExports)
  for (const text of doneToUnsent[unsent]) await query(text)
  // Nobody of the installation that was copied holds anything here.
  await endLeases(query)
}

/** Reads a database whole, of one moment, and fills an empty one. */
export const copyDatabase: CopyDatabase = {
  read: (database, work) =>
    database.transaction(async (query) => {
      await query('set transaction isolation level repeatable read, read only')
      await prepareCopy(query)
      const source: CopySource = {
        frame: await readFrame(query),
        waiting: await readWaiting(query),
        rows: (table) => readRows(query, table),
        files: () => readFiles(query),
      }
      return work(source)
    }),
  write: (database, options, work) =>
    database.transaction(async (query) => {
      await prepareCopy(query)
      const tighten = await loosenRules(query, options.queues)
      await work({
        tables: await readTables(query),
        write: (table, lines) => writeRows(query, table, lines),
        sum: (table) => sumTable(query, table),
      })
      await setSequences(query, options.sequences)
      await settle(query, options)
      await tighten()
    }),
  firstFull: firstFullTable,
}
