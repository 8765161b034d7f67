import { z } from 'zod'
import { defineJob, type JobHandler, type JobSchedule, onJob } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import type { UnsentFiles } from '../core/media.ts'

/** Long enough for a draft that waits over night. */
const keepMs = 24 * 3_600_000

/** Clears away what agents uploaded and never sent. */
export const clearUploads = defineJob({ name: 'clear-uploads', data: z.strictObject({}), atOnce: 1 })

/** Every hour. */
export const clearUploadsHourly: JobSchedule<unknown> = {
  kind: clearUploads,
  data: {},
  cron: '17 * * * *',
  zone: 'UTC',
}

export const clearUploadsHandler = (files: Pick<UnsentFiles, 'clearUnsent'>, log: Logger): JobHandler =>
  onJob(clearUploads, async () => {
    const cleared = await files.clearUnsent(keepMs)
    if (cleared > 0) log.info({ cleared }, 'files that were uploaded and never sent are cleared away')
  })
