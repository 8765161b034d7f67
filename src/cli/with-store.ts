import { findRunningProduct, type RunningProduct } from '../app/running-product.ts'
import { openStore } from '../app/store.ts'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createLog } from '../log.ts'
import type { Database } from '../store/index.ts'

/** How a command gets what it works with, and what it does. */
export interface StoreWork<Tool> {
  /** On the database itself. */
  readonly here: (database: Database, log: Logger) => Tool
  /** Through the running product, which holds the embedded database. */
  readonly there: (running: RunningProduct) => Tool
  readonly work: (tool: Tool) => Promise<void>
}

/** Works on the database, or through the running product that holds it. */
export const withStore = async <Tool>(
  config: Config,
  { here, there, work }: StoreWork<Tool>,
): Promise<void> => {
  const log = createLog({ level: config.logLevel })
  let database: Database
  try {
    database = await openStore(config, log)
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'data_folder_locked') throw error
    const running = findRunningProduct(config.dataDir, error.facts.pid)
    if (running === undefined) throw error
    await work(there(running))
    return
  }
  try {
    await work(here(database, log))
  } finally {
    await database.close()
  }
}
