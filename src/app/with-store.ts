import type { Config } from '../config.ts'
import { actAs, commandLine } from '../core/acting.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createLog } from '../log.ts'
import type { Database } from '../store/index.ts'
import { findRunningProduct, type RunningProduct } from './running-product.ts'
import { openStore } from './store.ts'

/** A tool of the command line, whichever way it reaches the data. */
export interface StoreWork<Tool, Result> {
  /** The tool on a database of our own. */
  readonly here: (database: Database, log: Logger) => Tool
  /** The tool through the running product that holds the embedded database. */
  readonly there: (running: RunningProduct) => Tool
  readonly work: (tool: Tool) => Promise<Result>
  /** Default: the product's own log. */
  readonly log?: Logger
}

/** Works on the database, or through the running product that holds it. */
export const withStore = async <Tool, Result>(
  config: Config,
  { here, there, work, log = createLog({ level: config.logLevel }) }: StoreWork<Tool, Result>,
): Promise<Result> => {
  let database: Database
  try {
    database = await openStore(config, log)
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
