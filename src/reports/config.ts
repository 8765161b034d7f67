import { Cron } from 'croner'
import { z } from 'zod'
import { reportNames } from '../core/report.ts'

const isCron = (text: string): boolean => {
  try {
    return new Cron(text, { mode: '5-part', paused: true }).nextRun() !== null
  } catch {
    return false
  }
}

const mail = z.strictObject({
  cron: z
    .string()
    .refine(isCron, 'must be a cron pattern of five fields, e.g. 0 9 * * 1')
    .meta({ examples: ['0 9 * * 1'] })
    .describe('When it is sent, in five fields, in the time zone of calendars.hotline.'),
  to: z
    .array(z.email())
    .min(1)
    .max(50)
    .meta({ examples: [['lead@example.com']] })
    .describe('Addresses it goes to, a mail each.'),
  report: z
    .enum(reportNames)
    .default('overview')
    .describe(
      'Which report: overview, intents, channels, agents, complaints or suggestions. Default overview.',
    ),
  span: z
    .enum(['yesterday', 'last-week', 'last-month'])
    .default('last-week')
    .describe(
      'What it covers: yesterday, the last whole week from Monday, or the last whole month. Default last-week.',
    ),
  language: z.enum(['zh', 'en']).default('zh').describe('Its language. Default zh.'),
})
export type ReportMail = z.infer<typeof mail>

/** The `reports` section of the configuration. */
export const reportsConfig = z
  .strictObject({
    mail: z
      .array(mail)
      .max(20)
      .default([])
      .describe('Reports that are mailed by the clock. Default none. They leave from an inbox for mail.'),
    mailInbox: z
      .string()
      .optional()
      .meta({ examples: ['mail'] })
      .describe('Inbox of channel email that reports leave from. Default: the only one there is.'),
  })
  .prefault({})
