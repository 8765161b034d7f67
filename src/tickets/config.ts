import { z } from 'zod'

const hours = (fallback: number) => z.coerce.number().positive().max(8_760).default(fallback)
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, e.g. 10:00')

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The `tickets` section of the configuration: what contacts are promised. */
export const ticketsConfig = z
  .strictObject({
    firstReplyHours: hours(24).describe(
      "Hours until a person's first reply. Default 24; contacts are told this time.",
    ),
    highFirstReplyHours: hours(8).describe('The same for tickets of high priority. Default 8.'),
    urgentFirstReplyHours: hours(2).describe('The same for urgent tickets. Default 2.'),
    resolutionHours: hours(72).describe(
      'Hours until the matter is settled, of normal and high priority. Default 72; only agents see it.',
    ),
    urgentResolutionHours: hours(24).describe('The same for urgent tickets. Default 24.'),
    undoSeconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(60)
      .default(5)
      .describe(
        "Seconds an agent's reply waits before it is sent, and a reply or a solve can be taken back. Default 5; 0: sent at once, nothing can be taken back.",
      ),
    timezone: z
      .string()
      .refine(isTimezone, 'must be a time zone name, e.g. Asia/Shanghai')
      .default('Asia/Shanghai')
      .describe('Zone of the opening hours. Default Asia/Shanghai.'),
    openingHours: z
      .strictObject({
        opens: timeOfDay.default('10:00').describe('When a day opens. Default 10:00.'),
        closes: timeOfDay
          .default('18:00')
          .describe('Default 18:00; must be later than `opens`, the hours do not cross midnight.'),
      })
      .refine(({ opens, closes }) => opens < closes, {
        path: ['closes'],
        error: 'must be later than opens, e.g. 18:00',
      })
      .prefault({})
      .describe(
        'When the hotline is answered, every day of the year; public holidays are not known yet. Default 10:00–18:00.',
      ),
  })
  .refine(({ firstReplyHours, highFirstReplyHours: high }) => high <= firstReplyHours, {
    path: ['highFirstReplyHours'],
    error: 'must not be longer than firstReplyHours',
  })
  .refine(({ highFirstReplyHours, urgentFirstReplyHours: urgent }) => urgent <= highFirstReplyHours, {
    path: ['urgentFirstReplyHours'],
    error: 'must not be longer than highFirstReplyHours',
  })

/** A checked `tickets` section. */
export type TicketsConfig = z.output<typeof ticketsConfig>
