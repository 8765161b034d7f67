import { z } from 'zod'
import { defineJob, type JobSchedule } from '../core/jobs.ts'

/** Makes the copy of what is known of a contact. */
export const exportContact = defineJob({
  ...{ name: 'export-contact', data: z.strictObject({ exportId: z.uuid() }) },
  ...{ atOnce: 1, limitSeconds: 3_600 },
})

/** Erases a contact whose erasure was confirmed. */
export const eraseContact = defineJob({
  ...{ name: 'erase-contact', data: z.strictObject({ erasureId: z.uuid() }) },
  // It must come to its end: a day of tries.
  ...{ atOnce: 1, tries: 12, limitSeconds: 3_600 },
})

/** Removes what is older than it is kept. */
export const retirePersonal = defineJob({
  ...{ name: 'retire-personal', data: z.strictObject({}), atOnce: 1, limitSeconds: 3_600 },
})

/** When it is night in China. */
export const retirePersonalDaily: JobSchedule<unknown> = {
  ...{ kind: retirePersonal, data: {}, cron: '23 3 * * *', zone: 'Asia/Shanghai' },
}
