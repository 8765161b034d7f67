import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'
import type { Query } from './database.ts'

/** The plain-SQL migrations made by drizzle-kit. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

const Journal = z.looseObject({ entries: z.array(z.looseObject({ when: z.number(), tag: z.string() })) })

const journalIn = (folder: string) =>
  Journal.parse(JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')))

/** When the newest migration in a folder was made, in milliseconds. */
export const newestMigration = (folder: string = migrationsFolder): number =>
  Math.max(0, ...journalIn(folder).entries.map((entry) => entry.when))

/** The names of all migrations of this version, in order. */
export const migrationTags = (): readonly string[] =>
  journalIn(migrationsFolder).entries.map(({ tag }) => tag)

/**
 * Makes a folder of the migrations up to one, so that a database can be brought to the schema of an older version.
 * Undefined when this version does not know that migration. The caller removes the folder.
 */
export const migrationsUpTo = (when: number): string | undefined => {
  const journal = journalIn(migrationsFolder)
  if (!journal.entries.some((entry) => entry.when === when)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'tongda-migrations-'))
  const entries = journal.entries.filter((entry) => entry.when <= when)
  mkdirSync(join(folder, 'meta'))
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
  for (const { tag } of entries)
    copyFileSync(join(migrationsFolder, `${tag}.sql`), join(folder, `${tag}.sql`))
  return folder
}

/** What stands between the database and this version's schema. */
export type SchemaState = 'empty' | 'behind' | 'current'

/** Whoever only looks makes nothing. Throws `not_found` where there is no database yet, `database_too_new`. */
export const refuseEmpty = async (query: Query): Promise<void> => {
  if ((await inspectSchema(query)) === 'empty') throw nothingThere()
}

/** Nothing was ever started here. */
export const nothingThere = (): TongdaError =>
  new TongdaError(
    'not_found',
    '这里还没有数据库，什么都没做 there is no database here yet and nothing was made; check TONGDA_DATA_DIR and DATABASE_URL, or start the product first',
  )

/** Compares the database with a folder of migrations. Throws `database_too_new` after a downgrade. */
export const inspectSchema = async (
  query: Query,
  folder: string = migrationsFolder,
): Promise<SchemaState> => {
  const known = newestMigration(folder)
  const [found] = await query(`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`)
  if (found?.exists !== true) return 'empty'
  const [last] = await query(
    'select coalesce(max(created_at), 0)::text as newest from drizzle.__drizzle_migrations',
  )
  const newest = Number(last?.['newest'])
  if (newest > known) {
    throw new TongdaError(
      'database_too_new',
      'the database was written by a newer version of Tongda; start that version, or restore a backup from before the upgrade',
      { newest, known },
    )
  }
  if (newest === known) return 'current'
  // Whoever makes it has only begun, or was killed in the middle: it takes effect as a whole.
  return newest === 0 ? 'empty' : 'behind'
}
