import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { lockDataFolder, openEmbedded, type Database } from '../store/index.ts'
import type { RunningProduct } from './running-product.ts'

/** Held by the one backup that is made at a time. */
const workFolder = (dataDir: string): string => join(dataDir, 'backup-work')
/** A data folder of its own, for a copy of the database. */
const copyFolder = (dataDir: string): string => join(workFolder(dataDir), 'copy')

/** Copies the embedded database of this process to where the command line makes a backup of it. */
export const copyForBackup =
  ({ dataDir }: Pick<Config, 'dataDir'>, { copyTo }: Pick<Database, 'copyTo'>) =>
  async (): Promise<void> => {
    const target = copyFolder(dataDir)
    if (copyTo === undefined || !existsSync(target))
      throw new TongdaError('bad_input', 'there is no place to copy the database to')
    await copyTo(join(target, 'database'))
  }

/**
 * Has a running product copy its database, and works on the copy; the product waits for the copying of the files alone.
 * One backup at a time.
 */
export const withCopy = async <Result>(
  { dataDir }: Pick<Config, 'dataDir'>,
  running: Pick<RunningProduct, 'copyDatabase'>,
  { log, work }: { readonly log: Logger; readonly work: (database: Database) => Promise<Result> },
): Promise<Result> => {
  const unlock = await lockDataFolder(workFolder(dataDir)).catch((error: unknown) => {
    throw error instanceof TongdaError && error.code === 'data_folder_locked'
      ? new TongdaError(
          'conflict',
          `另一个备份正在进行，等它结束再试 another backup is being made (process ${String(error.facts.pid)}); try again when it has ended`,
        )
      : error
  })
  const copy = copyFolder(dataDir)
  try {
    // What a killed backup left.
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy, { mode: 0o700 })
    await running.copyDatabase()
    const database = await openEmbedded({ folder: copy, log, asItIs: true })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
    unlock()
    rmSync(workFolder(dataDir), { recursive: true, force: true })
  }
}
