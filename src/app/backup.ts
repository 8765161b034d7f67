import { resolve } from 'node:path'
import { makeBackup, type Manifest, type Progress } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { copyDatabase, type Database } from '../store/index.ts'
import { withCopy } from './backup-copy.ts'
import { keyMark } from './key-mark.ts'
import { findRunningProduct } from './running-product.ts'
import { openBlobs, openStoreAsItIs } from './store.ts'
import { productVersion } from './version.ts'

/** Milliseconds that one statement of copying may take: an hour. */
const patienceMs = 3_600_000

/** The configuration with time for statements that read whole tables. */
export const patient = (config: Config): Config => ({
  ...config,
  database: { ...config.database, timeoutMs: Math.max(config.database.timeoutMs, patienceMs) },
})

/** Reads the database of the configuration as it is, or a copy of it while a running product holds it. */
export const withSource = async <Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
): Promise<Result> => {
  let database: Database
  try {
    database = await openStoreAsItIs(patient(config), silentLog)
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'data_folder_locked') throw error
    const running = findRunningProduct(config.dataDir, error.facts.pid)
    if (running === undefined) throw error
    return withCopy(config, running, { log: silentLog, work })
  }
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** What a backup is asked for. */
export interface BackupWish {
  /** A file that ends in `.tar.gz` or `.tgz`, or a folder. */
  readonly path: string
  /** Copies the bytes of files although they lie in a bucket. */
  readonly media: boolean
  readonly progress: Progress
  readonly signal: AbortSignal
}

/**
 * Backs up the database as of one moment, and the files of messages; the product may run. Throws `bad_input` when there
 * is something under the name, `not_found` when there is no database, `conflict` while another backup is made.
 */
export const backUp = (config: Config, wish: BackupWish): Promise<Manifest> => {
  const mark = keyMark(config)
  return withSource(config, (database) =>
    copyDatabase.read(database, (source) =>
      makeBackup({
        ...{ source, path: resolve(wish.path), blobs: openBlobs(config) },
        ...{ progress: wish.progress, signal: wish.signal },
        withFiles: config.media.store === 'folder' || wish.media,
        facts: {
          ...{ product: productVersion, madeAt: new Date(), store: config.media.store },
          database: config.database.url === undefined ? 'embedded' : 'postgres',
          ...(mark === undefined ? {} : { keyMark: mark }),
        },
      }),
    ),
  )
}
