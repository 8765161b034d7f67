import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What `tongda backup --json` tells. */
export const BackupAnswer = z.looseObject({
  tables: z.array(z.object({ name: z.string(), rows: z.number(), checksum: z.string() })),
  files: z.looseObject({ copied: z.number(), missing: z.array(z.string()) }),
  waiting: z.object({ messages: z.number(), webhooks: z.number(), jobs: z.number() }),
})
export type BackupAnswer = z.infer<typeof BackupAnswer>

/** Counts and checksums by table, without what a copy itself writes: who copied, and places in the log of events. */
export const sumsOf = ({ tables }: BackupAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tables
      .filter(({ name }) => !/audit_log|events|event_readers|webhook_endpoints|node_inboxes/.test(name))
      .map(({ name, rows, checksum }) => [name, `${String(rows)} ${checksum}`]),
  )

const ArchivedTables = z.looseObject({
  tables: z.array(
    z.looseObject({
      name: z.string(),
      columns: z.array(z.looseObject({ name: z.string() })),
      parts: z.array(z.looseObject({ name: z.string() })),
    }),
  ),
})

const RowLine = z.array(z.string().nullable())

/** Rows of a table as they lie in a `.tgz`, in no order, without some columns; each as text. */
const archivedRows = (archive: string, table: string, without: readonly string[]): readonly string[] => {
  const folder = `${archive}.unpacked`
  mkdirSync(folder, { recursive: true })
  if (spawnSync('tar', ['xzf', archive, '-C', folder]).status !== 0) throw new Error(`tar: ${archive}`)
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const found = ArchivedTables.parse(JSON.parse(read('manifest.json'))).tables.find(
    ({ name }) => name === table,
  )
  if (found === undefined) throw new Error(`no table ${table}`)
  const lines = found.parts.flatMap(({ name }) => read(name).trimEnd().split('\n'))
  const kept = found.columns.map(({ name }) => !without.includes(name))
  return lines
    .map((line) => JSON.stringify(RowLine.parse(JSON.parse(line)).filter((_value, at) => kept[at] === true)))
    .sort()
}

/** What a restore changes on purpose: who holds what, and whether a message may have gone already. */
const changedByRestore = { conversations: ['lease_until'], outbox: ['lease_until', 'repeated'] }

/** `sumsOf` a backup, of two tables what a restore leaves as it was. */
export const sumsBeyondRestore = (
  answer: BackupAnswer,
  archive: string,
): Readonly<Record<string, unknown>> => ({
  ...sumsOf(answer),
  ...Object.fromEntries(
    Object.entries(changedByRestore).map(([table, columns]) => [
      `public.${table}`,
      archivedRows(archive, `public.${table}`, columns),
    ]),
  ),
})
