import type PgBoss from 'pg-boss'
import { type Bus, topics } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../core/database.ts'
import type { JobHandler, JobKind, Jobs, JobSchedule, JobWatch } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import type { TimerHandler, Timers } from '../core/timers.ts'
import { endHolds, watchJobs } from './books.ts'
import { openBoss } from './boss.ts'
import { createJobs } from './enqueue.ts'
import { repeat } from '../core/repeat.ts'
import { scheduleHandler, setSchedules } from './schedules.ts'
import { startWorker } from './worker.ts'

/** What background work stands on. */
export interface JobsOptions {
  readonly database: Database
  readonly timers: Timers
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>
  /** Every kind the product has, also those this node does not work on. */
  readonly kinds: readonly JobKind<unknown>[]
  readonly clock: Clock
  readonly log: Logger
}

/** What this node works on. */
export interface WorkOptions {
  readonly handlers: readonly JobHandler[]
  readonly concurrency: number
  readonly stopMs: number
}

/** Background jobs on an open database. */
export interface OpenJobs extends Jobs, JobWatch {
  /** What the schedules' timers do. */
  scheduling(schedules: readonly JobSchedule<unknown>[]): TimerHandler
  /** Starts working; gives the end of it. */
  start(work: WorkOptions, schedules: readonly JobSchedule<unknown>[]): Promise<() => Promise<void>>
}

/** A job whose node is gone is tried again so long after its lease at most. */
const expireMs = 20_000
const tidyMs = 10 * 60_000

/** Ends holds that are over, now and then clears away what is long over. Gives its end. */
const startUpkeep = (
  { database, log }: JobsOptions,
  boss: PgBoss,
  schedule: () => Promise<void>,
): (() => Promise<void>) => {
  const quietly = (work: () => Promise<void>) => () =>
    work().catch((error: unknown) =>
      log.warn({ error }, 'the upkeep of background jobs failed; it is tried again'),
    )
  const tidy = async (): Promise<void> => {
    await schedule()
    await boss.maintain()
    // Nobody else does: the embedded database has no autovacuum.
    if (database.kind === 'embedded') await database.query('vacuum pgboss.job, pgboss.archive')
  }
  const ends = [
    repeat(
      expireMs,
      quietly(() => boss.expire()),
    ),
    repeat(tidyMs, quietly(tidy)),
  ]
  return async () => {
    await Promise.all(ends.map((end) => end()))
  }
}

/** Opens background jobs: makes or migrates their tables and queues. Works on nothing until it is started. */
export const openJobs = async (options: JobsOptions): Promise<OpenJobs> => {
  const { database, timers, bus, kinds, clock, log } = options
  const boss = await openBoss({ database, kinds, log })
  const wake = (): void => bus.publish(topics.jobs, {})
  const jobs = createJobs({ database, boss, kinds, wake })
  const schedulesOf = (schedules: readonly JobSchedule<unknown>[]) => ({
    ...{ database, timers, jobs, schedules, clock },
  })

  return {
    ...jobs,
    ...watchJobs(database, wake),
    scheduling: (schedules) => scheduleHandler(schedulesOf(schedules)),
    start: async (work, schedules) => {
      // Only one process has the embedded database, and that is us: whoever held a job is gone.
      if (database.kind === 'embedded') await database.query(endHolds)
      await boss.expire()
      await setSchedules(schedulesOf(schedules))
      const worker = startWorker({ database, boss, log, ...work })
      const unsubscribe = await bus.subscribe(topics.jobs, () => worker.ring())
      const stopUpkeep = startUpkeep(options, boss, () => setSchedules(schedulesOf(schedules)))
      return async () => {
        unsubscribe()
        await worker.stop()
        await stopUpkeep()
      }
    },
  }
}

/** Makes or migrates the tables of background jobs, nothing else. */
export const migrateJobs = async (database: Database, log: Logger): Promise<void> => {
  await openBoss({ database, kinds: [], log })
}
