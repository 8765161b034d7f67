import { z } from 'zod'
import type { Config } from '../config.ts'
import { defineJob, type JobKind } from '../core/jobs.ts'
import { reportNames } from '../core/report.ts'

/** One report to one address: what cannot be sent is tried again, and nobody gets it twice for another's sake. */
export const mailReport = defineJob({
  name: 'mail-report',
  data: z.strictObject({
    to: z.string(),
    report: z.enum(reportNames),
    from: z.string(),
    until: z.string(),
    zone: z.string(),
    language: z.enum(['zh', 'en']),
  }),
})

/** Of each mailing a kind of its own: a schedule goes by its kind. */
export const mailingOf = (place: number) =>
  defineJob({ name: `report-mailing-${String(place + 1)}`, data: z.strictObject({}), atOnce: 1 })

/** Every kind of job that mailing the configured reports takes. */
export const reportMailKinds = ({ reports }: Pick<Config, 'reports'>): readonly JobKind<unknown>[] => [
  mailReport,
  ...reports.mail.map((_, place) => mailingOf(place)),
]
