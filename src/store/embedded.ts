import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { Logger } from '../core/log.ts'
import type { Database, Query } from './database.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { startEmbeddedThread, type EmbeddedThread } from './embedded-thread.ts'
import { startEmbeddedUpkeep } from './embedded-upkeep.ts'
import { endLeases } from './end-leases.ts'
import { createDatabaseFiles } from './fresh-database.ts'
import { inspectSchema, migrationsFolder, nothingThere, refuseEmpty } from './migrate.ts'

/**
 * Server settings of the embedded database, on top of PGlite's own. Measured: with the stock 128 MB of shared
 * buffers an open database costs 280–390 MB of memory, with these 185–220 MB at the same rate.
 * It has no autovacuum, so the planner knows nothing of the tables, and a plan is kept for good: every way but the
 * one by index is closed, or a plan made for small tables would read the whole of large ones.
 */
const settings = [
  'shared_buffers=16MB',
  'wal_buffers=1MB',
  'max_wal_size=64MB',
  'timezone=UTC',
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]

const startParams = [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])]

/** Where the embedded database lives and who hears about its making. */
export interface EmbeddedOptions {
  /** The data folder; made when absent, locked while open. */
  readonly folder: string
  readonly log: Logger
  /** Where the migrations lie; default: those of this version. */
  readonly migrations?: string
  /** For whoever only reads: makes nothing, and leaves the schema and the leases alone. Default false. */
  readonly asItIs?: boolean
}

/**
 * Asks the embedded database something without bringing its schema up to date; undefined when there is none yet. Throws
 * `data_folder_locked`.
 */
export const lookAtEmbedded = async <Result>(
  folder: string,
  look: (query: Query) => Promise<Result>,
): Promise<Result | undefined> => {
  const target = join(folder, 'database')
  const unlock = await lockDataFolder(folder)
  try {
    if (!existsSync(target)) return undefined
    const thread = await startEmbeddedThread(target, startParams)
    return await look(thread.query).finally(() => thread.close())
  } finally {
    unlock()
  }
}

const bringUpToDate = async (thread: EmbeddedThread, migrations: string): Promise<void> => {
  if ((await inspectSchema(thread.query, migrations)) !== 'current') await thread.migrate(migrations)
  // Only one process has this database, and that is us. An older schema may lack what is asked for.
  if (migrations === migrationsFolder) await endLeases(thread.query)
}

/**
 * Opens the embedded database, makes it first when there is none (3–6 s the first time on a machine), and migrates it. Survives a crash of the
 * process; without fsync it does not promise to survive a power cut. Throws `data_folder_locked`, `database_too_new`, and
 * `not_found` when it is to be left as it is and there is none.
 */
export const openEmbedded = async ({
  folder,
  log,
  migrations = migrationsFolder,
  asItIs = false,
}: EmbeddedOptions): Promise<Database> => {
  const target = join(folder, 'database')
  if (asItIs && !existsSync(folder)) throw nothingThere()
  const unlock = await lockDataFolder(folder)
  try {
    // Whoever holds the folder may be making it, and says so first.
    if (!existsSync(target)) {
      if (asItIs) throw nothingThere()
      log.info({ folder }, 'making the embedded database, this may take a few seconds')
      mkdirSync(folder, { recursive: true })
      await createDatabaseFiles(target, { startParams })
    }
    const thread = await startEmbeddedThread(target, startParams)
    const { query, transaction, script } = thread
    try {
      await (asItIs ? refuseEmpty(query) : bringUpToDate(thread, migrations))
    } catch (error) {
      await thread.close()
      throw error
    }
    const endUpkeep = startEmbeddedUpkeep(query, log)
    return {
      kind: 'embedded',
      query,
      transaction,
      script,
      copyTo: thread.copyTo,
      close: async () => {
        endUpkeep()
        await thread.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}
