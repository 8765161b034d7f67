import { z } from '@hono/zod-openapi'
import { weekdays } from '../../core/calendar.ts'
import type { CalendarStanding, HolidayPreview, MomentStanding } from '../../core/calendar-desk.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'

const date = z.string().openapi({ description: 'In the calendar’s own zone', example: '2026-10-01' })
const weekday = z.enum(weekdays)
const hours = z.string().openapi({ description: '`closed`, or e.g. `09:00-12:00, 13:00-18:00`' })
const rule = z
  .string()
  .openapi({ description: '`closed`, `workday`, `like tue`, `ordinary`, or hours, as an import writes it' })

const SpecialDaySchema = z
  .object({ date, weekday, rule, hours, name: z.string().optional() })
  .openapi('SpecialDay')

export const CalendarSchema = z
  .object({
    name: z.string(),
    timeZone: z.string(),
    week: z.object({
      mon: hours,
      tue: hours,
      wed: hours,
      thu: hours,
      fri: hours,
      sat: hours,
      sun: hours,
    }),
    makeUpLike: weekday.openapi({ description: 'Whose hours a make-up workday has' }),
    holidays: z.object({ set: z.string(), knownUntil: date.optional() }).optional(),
    warning: z.object({ knownUntil: date.optional(), daysLeft: z.number() }).optional().openapi({
      description:
        'Its holidays are known for 45 more days or fewer; 0 `daysLeft`: today counts as an ordinary day',
    }),
    isOpen: z.boolean(),
    nextOpening: Moment.optional(),
    usedBy: z.array(z.string()).readonly().openapi({ description: 'Keys of the configuration that name it' }),
    specialDays: z.array(SpecialDaySchema).readonly().openapi({ description: 'From today on' }),
  })
  .openapi('Calendar')

export const CalendarDaySchema = z
  .object({
    ...{ date, weekday, hours, rule: rule.optional(), name: z.string().optional() },
    isUnknown: z
      .boolean()
      .openapi({ description: 'Its holidays are not known: it counts as an ordinary day' }),
  })
  .openapi('CalendarDay')

export const MomentSchema = z
  .object({
    at: Moment,
    isOpen: z.boolean(),
    nextOpening: Moment.optional(),
    day: CalendarDaySchema,
    dueAt: Moment.optional().openapi({ description: 'When something promised then within `hours` is due' }),
  })
  .openapi('CalendarMoment')

const dayRule = z.object({
  kind: z.enum(['closed', 'workday', 'hours', 'ordinary']),
  like: weekday.optional(),
  spans: z
    .array(z.object({ from: z.number(), to: z.number() }))
    .readonly()
    .optional()
    .openapi({ description: 'In minutes of the day' }),
})
const ToldDay = z.object({ date, rule: dayRule, name: z.string().optional() })

export const HolidayPreviewSchema = z
  .object({
    set: z.string(),
    added: z.array(ToldDay).readonly(),
    changed: z.array(ToldDay.extend({ before: dayRule })).readonly(),
    unchanged: z.array(date).readonly(),
    faults: z
      .array(z.object({ line: z.number(), problem: z.string(), fix: z.string() }))
      .readonly()
      .openapi({ description: 'While there is one, nothing can be imported' }),
    skipped: z.array(z.object({ line: z.number(), text: z.string() })).readonly(),
    knownUntil: z.object({ before: date.optional(), after: date.optional() }),
    gap: z
      .object({ from: date, to: date })
      .optional()
      .openapi({ description: 'Stays unknown: import that time first' }),
    version: z.number().openapi({ description: 'To be given with the import' }),
  })
  .openapi('HolidayPreview')

/** A calendar as JSON. */
export const calendarJson = (calendar: CalendarStanding): z.output<typeof CalendarSchema> => toIso(calendar)
/** What a calendar says of a moment, as JSON. */
export const momentJson = (moment: MomentStanding): z.output<typeof MomentSchema> => toIso(moment)
/** What an import would change, as JSON. */
export const previewJson = (preview: HolidayPreview): z.output<typeof HolidayPreviewSchema> =>
  HolidayPreviewSchema.parse(toIso(preview))
