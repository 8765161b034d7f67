import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { addWorkMetrics } from '../../src/app/work-metrics.ts'

const open = (depth: () => Promise<readonly { kind: string; waiting: number; lateMs: number }[]>) => {
  const looks = { jobs: 0, timers: 0 }
  const registry = new Registry()
  addWorkMetrics(registry, {
    jobs: {
      depth: async () => {
        looks.jobs += 1
        return (await depth()).map((row) => ({ ...row, running: 0, dead: 0 }))
      },
    },
    timers: {
      depth: () => {
        looks.timers += 1
        return Promise.resolve([{ kind: 'survey-ask', pending: 3, failing: 1, lateMs: 2_000 }])
      },
    },
    retention: { lastRun: () => Promise.resolve(undefined) },
    aheadMs: () => 0,
  })
  return { registry, looks }
}

it('looks once at jobs and once at timers for each reading', async () => {
  let waiting = 0
  const { registry, looks } = open(() => {
    waiting += 1
    return Promise.resolve([{ kind: 'erase-contact', waiting, lateMs: 5_000 }])
  })
  const first = await registry.metrics()
  expect(first).toContain('tongda_jobs{kind="erase-contact",state="waiting"} 1')
  expect(first).toContain('tongda_jobs_late_seconds{kind="erase-contact"} 5')
  expect(first).toContain('tongda_timers{kind="survey-ask",state="failing"} 1')
  expect(first).toContain('tongda_timers_late_seconds{kind="survey-ask"} 2')
  expect(looks).toEqual({ jobs: 1, timers: 1 })
  // The next reading is of its own moment.
  expect(await registry.metrics()).toContain('tongda_jobs{kind="erase-contact",state="waiting"} 2')
  expect(looks).toEqual({ jobs: 2, timers: 2 })
})

it('tells the other figures when one cannot be read, and that one the next time', async () => {
  let isAway = true
  const { registry } = open(() =>
    isAway
      ? Promise.reject(new Error('away'))
      : Promise.resolve([{ kind: 'erase-contact', waiting: 1, lateMs: 0 }]),
  )
  const away = await registry.metrics()
  expect(away).toContain('tongda_timers_late_seconds{kind="survey-ask"} 2')
  expect(away).not.toContain('erase-contact')
  isAway = false
  expect(await registry.metrics()).toContain('tongda_jobs{kind="erase-contact",state="waiting"} 1')
})
