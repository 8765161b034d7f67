import type { Config } from '../config.ts'
import type { HolidayStore } from '../core/calendar.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { createHolidayStore, type Database } from '../store/index.ts'
import { openBackbone } from './backbone.ts'
import { tellingHolidays } from './calendars.ts'
import { findRunningProduct } from './running-product.ts'
import { openStore } from './store.ts'

const onDatabase = async <Result>(
  config: Config,
  database: Database,
  work: (holidays: HolidayStore) => Promise<Result>,
): Promise<Result> => {
  // Only nodes that share a Redis can be told; others look by themselves.
  const backbone = config.redis.url === undefined ? undefined : await openBackbone(config, silentLog)
  const store = createHolidayStore(database)
  try {
    return await work(backbone === undefined ? store : tellingHolidays(store, backbone.bus))
  } finally {
    await backbone?.bus.close()
  }
}

/** The imported holidays for the command line: on the database, or through the running product that holds it. */
export const withHolidays = async <Result>(
  config: Config,
  work: (holidays: HolidayStore) => Promise<Result>,
): Promise<Result> => {
  let database: Database
  try {
    database = await openStore(config, silentLog)
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'data_folder_locked') throw error
    const running = findRunningProduct(config.dataDir, error.facts.pid)
    if (running === undefined) throw error
    return work(running.holidays)
  }
  try {
    return await onDatabase(config, database, work)
  } finally {
    await database.close()
  }
}
