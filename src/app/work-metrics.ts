import type { Registry } from 'prom-client'
import type { JobWatch } from '../core/jobs.ts'
import type { Retention } from '../core/personal-data.ts'
import type { TimerWatch } from '../core/timers.ts'
import { addGauge, shared, type GaugeFacts, type Reading } from './gauges.ts'

/** Whose depth is told. */
export interface WatchedWork {
  readonly jobs: Pick<JobWatch, 'depth'>
  readonly timers: Pick<TimerWatch, 'depth'>
  readonly retention: Pick<Retention, 'lastRun'>
  readonly aheadMs: () => number
}

const byKind = ['kind'] as const
const byState = ['kind', 'state'] as const

const jobs: GaugeFacts = {
  name: 'tongda_jobs',
  help: 'Background jobs by kind and state.',
  labelNames: byState,
}
const jobsLate: GaugeFacts = {
  name: 'tongda_jobs_late_seconds',
  help: 'Since when the oldest waiting job could run.',
  labelNames: byKind,
}
const timers: GaugeFacts = {
  name: 'tongda_timers',
  help: 'Timers by kind and state.',
  labelNames: byState,
}
const timersLate: GaugeFacts = {
  name: 'tongda_timers_late_seconds',
  help: 'Since when the oldest timer is due.',
  labelNames: byKind,
}
const retention: GaugeFacts = {
  name: 'tongda_retention_last_run_timestamp_seconds',
  help: 'When what is older than it is kept was last removed, to the end, by whichever node; 0: never yet.',
}

/** Tells how deep the queues of jobs and timers are, and that retention runs; the database is asked when somebody reads. */
export const addWorkMetrics = (registry: Registry, work: WatchedWork): void => {
  const depth = shared(() => work.jobs.depth())
  const ahead = shared(() => work.timers.depth(work.aheadMs()))
  addGauge(registry, jobs, async () =>
    (await depth()).flatMap(({ kind, waiting, running, dead }): Reading[] => [
      [{ kind, state: 'waiting' }, waiting],
      [{ kind, state: 'running' }, running],
      [{ kind, state: 'dead' }, dead],
    ]),
  )
  addGauge(registry, jobsLate, async () =>
    (await depth()).map(({ kind, lateMs }): Reading => [{ kind }, lateMs / 1_000]),
  )
  addGauge(registry, timers, async () =>
    (await ahead()).flatMap(({ kind, pending, failing }): Reading[] => [
      [{ kind, state: 'pending' }, pending],
      [{ kind, state: 'failing' }, failing],
    ]),
  )
  addGauge(registry, timersLate, async () =>
    (await ahead()).map(({ kind, lateMs }): Reading => [{ kind }, lateMs / 1_000]),
  )
  addGauge(registry, retention, async () => {
    const at = await work.retention.lastRun()
    return at === undefined ? [] : [[{}, at.getTime() / 1_000]]
  })
}
