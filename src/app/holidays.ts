import type { Config } from '../config.ts'
import type { HolidayStore } from '../core/calendar.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { createHolidayStore } from '../store/index.ts'
import { openBackbone } from './backbone.ts'
import { tellingHolidays } from './calendars.ts'
import { withStore } from './with-store.ts'

/** The imported holidays for the command line: on the database, or through the running product that holds it. */
export const withHolidays = async <Result>(
  config: Config,
  work: (holidays: HolidayStore) => Promise<Result>,
): Promise<Result> => {
  // Only nodes that share a Redis can be told; others look by themselves.
  const backbone = config.redis.url === undefined ? undefined : await openBackbone(config, silentLog)
  try {
    return await withStore(config, {
      here: (database) => {
        const store = createHolidayStore(database)
        return backbone === undefined ? store : tellingHolidays(store, backbone.bus)
      },
      there: ({ holidays }) => holidays,
      work,
      log: silentLog,
    })
  } finally {
    await backbone?.bus.close()
  }
}

/** What was imported, for whoever only looks: none where there is no database yet. Throws `conflict` at an older schema. */
export const readHolidays = async (config: Config): ReturnType<HolidayStore['list']> => {
  try {
    return await withStore(config, {
      reads: true,
      here: createHolidayStore,
      there: ({ holidays }) => holidays,
      work: (holidays) => holidays.list(),
      log: silentLog,
    })
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'not_found') return []
    throw error
  }
}
