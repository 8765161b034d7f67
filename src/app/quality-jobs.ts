import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

/** Draws what is to be reviewed by rule. */
export const drawReviews = defineJob({ name: 'draw-reviews', data: z.strictObject({}), atOnce: 1 })

/** Every hour: a day or week is drawn from soon after it is over, wherever its midnight is. */
export const drawHourly: JobSchedule<unknown> = {
  kind: drawReviews,
  data: {},
  cron: '11 * * * *',
  zone: 'UTC',
}
