import type { Config } from '../config.ts'
import { actAs, commandLine } from '../core/acting.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createLog } from '../log.ts'
import { inspectSchema, type Database } from '../store/index.ts'
import { findRunningProduct, type RunningProduct } from './running-product.ts'
import { openStore, openStoreAsItIs } from './store.ts'

/** A tool of the command line, whichever way it reaches the data. */
export interface StoreWork<Tool, Result> {
  /** The tool on a database of our own. */
  readonly here: (database: Database, log: Logger) => Tool
  /** The tool through the running product that holds the embedded database. */
  readonly there: (running: RunningProduct) => Tool
  readonly work: (tool: Tool) => Promise<Result>
  /** True for what only reads: nothing is made where there is no database yet. Default false. */
  readonly reads?: boolean
  /** Default: the product's own log. */
  readonly log?: Logger
}

/** Only the product's start and `tongda migrate` bring an older schema up to date: older nodes may be at work on it. */
const openUnchanged = async (config: Config, log: Logger): Promise<Database> => {
  const database = await openStoreAsItIs(config, log)
  try {
    if ((await inspectSchema(database.query)) === 'current') return database
  } catch (error) {
    await database.close()
    throw error
  }
  await database.close()
  throw new TongdaError(
    'conflict',
    '数据库的表结构比本版本旧，没有改动它：先备份，再运行 tongda migrate 或启动产品 the schema of the database is older than this version and was left as it is: back it up, then run tongda migrate or start the product',
  )
}

/**
 * Opens the database for a command that writes, made where there is none yet. Throws `conflict` where the schema is older
 * than this version, `data_folder_locked`, `database_too_new`.
 */
export const openToWrite = async (config: Config, log: Logger): Promise<Database> => {
  try {
    return await openUnchanged(config, log)
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'not_found') return openStore(config, log)
    throw error
  }
}

/**
 * Works on the database, or through the running product that holds it. Throws `conflict` where the schema is older than
 * this version, `database_too_new`, and `not_found` where there is no database and the work only reads.
 */
export const withStore = async <Tool, Result>(
  config: Config,
  { here, there, work, reads = false, log = createLog({ level: config.logLevel }) }: StoreWork<Tool, Result>,
): Promise<Result> => {
  let database: Database
  try {
    database = await (reads ? openUnchanged : openToWrite)(config, log)
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'data_folder_locked') throw error
    const running = findRunningProduct(config.dataDir, error.facts.pid)
    if (running === undefined) throw error
    return work(there(running))
  }
  try {
    return await actAs(commandLine, () => work(here(database, log)))
  } finally {
    await database.close()
  }
}
