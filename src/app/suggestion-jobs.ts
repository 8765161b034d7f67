import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

const nothing = z.strictObject({})

/** Looks for suggestions in what came, and sorts them into themes. */
export const collectSuggestions = defineJob({
  ...{ name: 'collect-suggestions', data: nothing, atOnce: 1 },
  // It comes back every minute anyhow.
  tries: 1,
})
/** Looks at all themes anew. */
export const refineSuggestions = defineJob({ name: 'refine-suggestions', data: nothing, atOnce: 1, tries: 2 })
/** Tells those who asked for a theme. */
export const tellSuggestions = defineJob({
  name: 'tell-suggestions',
  data: z.strictObject({ themeId: z.uuid() }),
  atOnce: 1,
})

/** Every minute. */
export const collectEveryMinute: JobSchedule<unknown> = {
  kind: collectSuggestions,
  data: {},
  cron: '* * * * *',
  zone: 'UTC',
}
/** When hardly anybody writes. */
export const refineNightly: JobSchedule<unknown> = {
  kind: refineSuggestions,
  data: {},
  cron: '40 3 * * *',
  zone: 'Asia/Shanghai',
}
