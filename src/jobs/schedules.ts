import { Cron } from 'croner'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Database, Transaction } from '../core/database.ts'
import type { Jobs, JobSchedule } from '../core/jobs.ts'
import { onTimer, type TimerHandler, type TimerKind, type Timers } from '../core/timers.ts'

/** The next time of each schedule is a timer, so that of several nodes one enqueues, once. Its key is the job's kind. */
const scheduleTimer = {
  name: 'job-schedule',
  payload: z.strictObject({ cron: z.string(), zone: z.string() }),
} satisfies TimerKind<unknown>

/** What schedules stand on. */
export interface ScheduleDeps {
  readonly database: Pick<Database, 'transaction'>
  readonly timers: Timers
  readonly jobs: Pick<Jobs, 'enqueueIn'>
  readonly schedules: readonly JobSchedule<unknown>[]
  readonly clock: Clock
}

const nextTime = (cron: string, zone: string, after: Date): Date | undefined =>
  new Cron(cron, { timezone: zone, mode: '5-part', paused: true }).nextRun(after) ?? undefined

const setOne = async (
  { timers, clock }: ScheduleDeps,
  transaction: Transaction,
  { kind, cron, zone }: JobSchedule<unknown>,
): Promise<void> => {
  const known = await timers.find(transaction, scheduleTimer, kind.name)
  if (known?.payload.cron === cron && known.payload.zone === zone) return
  const dueAt = nextTime(cron, zone, clock.now())
  if (dueAt === undefined) throw new Error(`the schedule ${cron} of ${kind.name} never comes`)
  await timers.set(transaction, scheduleTimer, { key: kind.name, dueAt, payload: { cron, zone } })
}

/** Sets the timers of schedules that are new or have changed; what is set already keeps its time, also an overdue one. */
export const setSchedules = async (deps: ScheduleDeps): Promise<void> => {
  if (deps.schedules.length === 0) return
  await deps.database.transaction(async (transaction) => {
    for (const schedule of deps.schedules) await setOne(deps, transaction, schedule)
  })
}

/** Enqueues a job at each time of its schedule. */
export const scheduleHandler = ({ jobs, schedules, clock }: ScheduleDeps): TimerHandler => {
  const byName = new Map(schedules.map((schedule) => [schedule.kind.name, schedule]))
  return onTimer(scheduleTimer, async (transaction, { key, dueAt, payload: { cron, zone } }) => {
    const schedule = byName.get(key)
    // Of another version: a node that knows it sets it again.
    if (schedule === undefined) return undefined
    await jobs.enqueueIn(transaction, schedule.kind, schedule.data, { key: 'schedule' })
    const now = clock.now()
    return nextTime(cron, zone, dueAt > now ? dueAt : now)
  })
}
