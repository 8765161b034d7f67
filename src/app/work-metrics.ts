import { Gauge, type Registry } from 'prom-client'
import type { JobWatch } from '../core/jobs.ts'
import type { TimerWatch } from '../core/timers.ts'

/** Whose depth is told. */
export interface WatchedWork {
  readonly jobs: Pick<JobWatch, 'depth'>
  readonly timers: Pick<TimerWatch, 'depth'>
  readonly aheadMs: () => number
}

/** What one reading says of a gauge: labels and value. */
type Reading = readonly [labels: Readonly<Record<string, string>>, value: number]

const addGauge = (
  registry: Registry,
  name: string,
  help: string,
  read: () => Promise<readonly Reading[]>,
) => {
  const labelNames = name.endsWith('_seconds') ? ['kind'] : ['kind', 'state']
  const gauge = new Gauge({
    ...{ name, help, labelNames, registers: [registry] },
    collect: async () => {
      // A database that is away leaves a hole in the curve, not the other figures unread.
      const readings = await read().catch(() => [])
      gauge.reset()
      for (const [labels, value] of readings) gauge.set(labels, value)
    },
  })
}

/** Tells how deep the queues of jobs and timers are; the database is asked when somebody reads. */
export const addWorkMetrics = (registry: Registry, { jobs, timers, aheadMs }: WatchedWork): void => {
  addGauge(registry, 'tongda_jobs', 'Background jobs by kind and state.', async () =>
    (await jobs.depth()).flatMap(({ kind, waiting, running, dead }): Reading[] => [
      [{ kind, state: 'waiting' }, waiting],
      [{ kind, state: 'running' }, running],
      [{ kind, state: 'dead' }, dead],
    ]),
  )
  addGauge(registry, 'tongda_jobs_late_seconds', 'Since when the oldest waiting job could run.', async () =>
    (await jobs.depth()).map(({ kind, lateMs }): Reading => [{ kind }, lateMs / 1_000]),
  )
  addGauge(registry, 'tongda_timers', 'Timers by kind and state.', async () =>
    (await timers.depth(aheadMs())).flatMap(({ kind, pending, failing }): Reading[] => [
      [{ kind, state: 'pending' }, pending],
      [{ kind, state: 'failing' }, failing],
    ]),
  )
  addGauge(registry, 'tongda_timers_late_seconds', 'Since when the oldest timer is due.', async () =>
    (await timers.depth(aheadMs())).map(({ kind, lateMs }): Reading => [{ kind }, lateMs / 1_000]),
  )
}
