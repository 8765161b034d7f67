import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'
import type { Query } from './database.ts'

/** The plain-SQL migrations made by drizzle-kit. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

const Journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) })

const newestKnown = (): number => {
  const journal = Journal.parse(JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, 'utf8')))
  return Math.max(0, ...journal.entries.map((entry) => entry.when))
}

/** What stands between the database and this version's schema. */
export type SchemaState = 'empty' | 'behind' | 'current'

/** Compares the database with the migrations of this version. Throws `database_too_new` after a downgrade. */
export const inspectSchema = async (query: Query): Promise<SchemaState> => {
  const [found] = await query(`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`)
  if (found?.exists !== true) return 'empty'
  const [last] = await query('select max(created_at)::text as newest from drizzle.__drizzle_migrations')
  const newest = Number(last?.newest ?? 0)
  if (newest > newestKnown()) {
    throw new TongdaError(
      'database_too_new',
      'the database was written by a newer version of Tongda; start that version, or restore a backup from before the upgrade',
      { newest, known: newestKnown() },
    )
  }
  return newest < newestKnown() ? 'behind' : 'current'
}
