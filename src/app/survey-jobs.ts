import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

/** Plans whom to ask, ends what nobody answered, and opens tickets for low scores. */
export const lookAfterSurveys = defineJob({
  ...{ name: 'look-after-surveys', data: z.strictObject({}), atOnce: 1 },
  // It comes back every minute anyhow.
  tries: 1,
})

/** Every minute. */
export const surveysEveryMinute: JobSchedule<unknown> = {
  kind: lookAfterSurveys,
  data: {},
  cron: '* * * * *',
  zone: 'UTC',
}
