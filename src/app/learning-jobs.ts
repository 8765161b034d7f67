import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

const nothing = z.strictObject({})

/** Looks for questions that went wrong, sorts them by meaning, and says what they ask for. */
export const collectFailures = defineJob({
  ...{ name: 'collect-failures', data: nothing, atOnce: 1 },
  // It comes back every minute anyhow.
  tries: 1,
})
/** Looks at all groups of questions anew. */
export const refineProposals = defineJob({ name: 'refine-proposals', data: nothing, atOnce: 1, tries: 2 })

/** Every minute. */
export const failuresEveryMinute: JobSchedule<unknown> = {
  kind: collectFailures,
  data: {},
  cron: '* * * * *',
  zone: 'UTC',
}
/** When hardly anybody writes, and suggestions are refined already. */
export const refineProposalsNightly: JobSchedule<unknown> = {
  kind: refineProposals,
  data: {},
  cron: '0 4 * * *',
  zone: 'Asia/Shanghai',
}
