import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Database, Query } from './database.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { startEmbeddedThread } from './embedded-thread.ts'
import { endLeases } from './end-leases.ts'
import { inspectSchema, migrationsFolder } from './migrate.ts'

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

/**
 * Makes a new database in a temporary folder and renames it, so that a half-made one is never opened. In a process
 * of its own, because making one takes hundreds of megabytes that would stay with the product.
 */
const createFiles = async (target: string): Promise<void> => {
  const building = `${target}.building`
  rmSync(building, { recursive: true, force: true })
  const child = fork(
    fileURLToPath(new URL('./create-embedded.mjs', import.meta.url)),
    [building, ...startParams],
    {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  const exit: unknown[] = await once(child, 'exit')
  if (exit[0] !== 0) {
    throw new TongdaError(
      'database_unavailable',
      `the embedded database could not be made in ${building}; check that the disk has 200 MB free and the folder is writable`,
    )
  }
  renameSync(building, target)
}

/** Without autovacuum, dead rows of the queues would pile up; what is all-visible is skipped, so it is quick. */
const vacuumEveryMs = 10 * 60_000
const vacuum =
  'vacuum conversations, messages, outbox, delivery_attempts, tickets, timers, events, webhook_endpoints, webhook_deliveries, idempotent_requests'

/** Where the embedded database lives and who hears about its making. */
export interface EmbeddedOptions {
  /** The data folder; made when absent, locked while open. */
  readonly folder: string
  readonly log: Logger
  /** Where the migrations lie; default: those of this version. */
  readonly migrations?: string
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

/**
 * Opens the embedded database, makes it first when there is none (3–6 s), and migrates it. Survives a crash of the
 * process; without fsync it does not promise to survive a power cut. Throws `data_folder_locked`, `database_too_new`.
 */
export const openEmbedded = async ({
  folder,
  log,
  migrations = migrationsFolder,
}: EmbeddedOptions): Promise<Database> => {
  const unlock = await lockDataFolder(folder)
  try {
    const target = join(folder, 'database')
    if (!existsSync(target)) {
      log.info({ folder }, 'making the embedded database, this takes a few seconds')
      mkdirSync(folder, { recursive: true })
      await createFiles(target)
    }
    const thread = await startEmbeddedThread(target, startParams)
    const { query, transaction, script } = thread
    if ((await inspectSchema(query, migrations)) !== 'current') await thread.migrate(migrations)
    // Only one process has this database, and that is us. An older schema may lack what is asked for.
    if (migrations === migrationsFolder) await endLeases(query)
    const vacuuming = setInterval(() => {
      query(vacuum).catch((error: unknown) =>
        log.warn({ error }, 'the embedded database could not be cleaned'),
      )
    }, vacuumEveryMs)
    vacuuming.unref()
    return {
      kind: 'embedded',
      query,
      transaction,
      script,
      copyTo: thread.copyTo,
      close: async () => {
        clearInterval(vacuuming)
        await thread.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}
