import { aheadMs } from '../core/clock.ts'
import type { JobHandler, JobSchedule } from '../core/jobs.ts'
import { startTimers } from '../jobs/index.ts'
import { clearUploadsHandler, clearUploadsHourly } from './clear-uploads.ts'
import type { Parts } from './parts.ts'
import type { Inboxes } from './inboxes.ts'
import { retireRecordsHandler, retireRecordsHourly } from './retire-records.ts'
import { collectEveryMinute, refineNightly } from './suggestion-jobs.ts'
import { suggestionHandlers } from './suggestions.ts'

/** What comes back by the clock. */
const schedules: readonly JobSchedule<unknown>[] = [
  clearUploadsHourly,
  retireRecordsHourly,
  collectEveryMinute,
  refineNightly,
]

const jobHandlers = (parts: Parts, inboxes: Inboxes): readonly JobHandler[] => {
  const { config, stores, log } = parts
  return [
    clearUploadsHandler(stores.media, log),
    retireRecordsHandler(stores, config.api.eventDays),
    ...suggestionHandlers(parts, inboxes),
  ]
}

/** How many timers one node fires at once, each on a connection of its own. */
const timersAtOnce = 4

/** Starts working on jobs and firing timers; gives the end of both. */
export const startWork = async (parts: Parts, inboxes: Inboxes): Promise<() => Promise<void>> => {
  const { config, clock, work } = parts
  const { bell, timers, jobs } = work
  const log = parts.log.child({ part: 'jobs' })
  const { concurrency, stopSeconds } = config.jobs
  const stopJobs = await jobs.start(
    { handlers: jobHandlers(parts, inboxes), concurrency, stopMs: stopSeconds * 1_000 },
    schedules,
  )
  const stopTimers = startTimers({
    ...{ store: timers, bell, log },
    handlers: [jobs.scheduling(schedules)],
    aheadMs: () => aheadMs(clock),
    atOnce: parts.stores.database.kind === 'embedded' ? 1 : timersAtOnce,
  })
  return async () => {
    await stopTimers()
    await stopJobs()
  }
}
