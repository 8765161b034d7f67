import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

const nothing = z.strictObject({})

/** Looks for spikes in what came. */
export const watchSpikes = defineJob({
  ...{ name: 'watch-spikes', data: nothing, atOnce: 1 },
  // It comes back every minute anyhow.
  tries: 1,
})
/** Sees to incidents' tickets, and tells those who follow. */
export const settleIncidents = defineJob({ name: 'settle-incidents', data: nothing, atOnce: 1 })

const everyMinute = { data: {}, cron: '* * * * *', zone: 'UTC' } as const
export const watchEveryMinute: JobSchedule<unknown> = { kind: watchSpikes, ...everyMinute }
export const settleEveryMinute: JobSchedule<unknown> = { kind: settleIncidents, ...everyMinute }
