import { z } from 'zod'
import { weekdays, type Span, type Weekday } from '../core/calendar.ts'
import { isCivilDate } from './civil-date.ts'
import { readHours } from './hours.ts'
import { readRule } from './rule.ts'
import { isTimeZone } from './zone.ts'

/** What a calendar and a set of holidays may be called. */
export const calendarName = /^[a-z0-9][a-z0-9-]{0,39}$/
const nameRule = 'must be 1–40 lower-case letters, digits and hyphens'

const hoursText = z.string().superRefine((text, context) => {
  const read = readHours(text)
  if ('problem' in read) context.addIssue({ code: 'custom', message: read.problem })
})

const hoursOf = (day: string) =>
  hoursText.optional().describe(`Hours that begin on ${day}. Default: those of \`daily\`.`)

const hours = z.strictObject(
  {
    daily: hoursText
      .default('closed')
      .meta({ examples: ['10:00-18:00'] })
      .describe(
        'Hours of every weekday that has none of its own, e.g. 09:00-12:00, 13:00-18:00 or 22:00-06:00 (into the next day) or 00:00-24:00. Default closed.',
      ),
    mon: hoursOf('Mondays'),
    tue: hoursOf('Tuesdays'),
    wed: hoursOf('Wednesdays'),
    thu: hoursOf('Thursdays'),
    fri: hoursOf('Fridays'),
    sat: hoursOf('Saturdays'),
    sun: hoursOf('Sundays'),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'opening hours by weekday, e.g. { daily: 10:00-18:00 }' : undefined,
  },
)
type Hours = z.output<typeof hours>

/** Checked hours as spans; what cannot be read is closed. */
const spansOf = (text: string): readonly Span[] => {
  const read = readHours(text)
  return 'spans' in read ? read.spans : []
}

/** The spans of each weekday. */
export const weekOf = (given: Hours): Readonly<Record<Weekday, readonly Span[]>> => {
  const on = (day: Weekday): readonly Span[] => spansOf(given[day] ?? given.daily)
  return {
    mon: on('mon'),
    tue: on('tue'),
    wed: on('wed'),
    thu: on('thu'),
    fri: on('fri'),
    sat: on('sat'),
    sun: on('sun'),
  }
}

/** The weekday whose night runs into the hours of the next morning. */
const findNightOverlap = (given: Hours): Weekday | undefined => {
  const week = weekOf(given)
  return weekdays.find((day, place) => {
    const morning = week[weekdays[(place + 1) % weekdays.length] ?? day][0]
    return week[day].some(({ to }) => morning !== undefined && to > morning.from + 1_440)
  })
}

const whenReadable = ({ issues }: { readonly issues: readonly unknown[] }): boolean => issues.length === 0

const checkedHours = hours
  .refine((given) => Object.values(weekOf(given)).some((spans) => spans.length > 0), {
    error: 'opening hours on at least one weekday, e.g. { daily: 10:00-18:00 }: it would never open',
    when: whenReadable,
  })
  .refine((given) => findNightOverlap(given) === undefined, {
    error: ({ input }) =>
      `nights that end before the next day begins: the night after ${findNightOverlap(hours.parse(input)) ?? ''} runs into the hours of the morning`,
    when: whenReadable,
  })

const existingDate = 'a date that exists, e.g. 2026-12-24'

const exceptions = z.record(
  z.string().refine(isCivilDate, existingDate),
  z.string().superRefine((text, context) => {
    const read = readRule(text)
    if ('problem' in read) context.addIssue({ code: 'custom', message: read.problem })
  }),
  { error: ({ code }) => (code === 'invalid_key' ? existingDate : undefined) },
)

/** What `holidays` says when a calendar follows none. */
export const noHolidays = 'none'

const hasMakeUpHours = (section: {
  readonly holidays: string
  readonly makeUpLike: Weekday
  readonly hours: Hours
}): boolean => section.holidays === noHolidays || weekOf(section.hours)[section.makeUpLike].length > 0

const makeUpCheck = {
  path: ['makeUpLike'],
  error: 'a weekday that has hours: make-up workdays would be closed',
  when: whenReadable,
}

/** Everything of a calendar beside its hours. */
const around = (holidays: string) => ({
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone name, e.g. Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('Zone in which the hours are meant. Default Asia/Shanghai.'),
  holidays: z
    .string()
    .regex(calendarName, nameRule)
    .default(holidays)
    .describe(
      `Set of public holidays it follows: cn (China, with make-up workdays), one that was imported, or none. Default ${holidays}.`,
    ),
  makeUpLike: z
    .enum(weekdays)
    .default('mon')
    .describe('Whose hours a make-up workday (调休上班) has. Default mon.'),
  exceptions: exceptions
    .default({})
    .meta({ examples: [{ '2026-12-24': '09:00-12:00' }] })
    .describe(
      'Single dates: closed, workday, ordinary, like tue, or hours. They count before imported days. Default none.',
    ),
})

const nineToSix = '09:00-18:00'

const hotline = z
  .strictObject({
    hours: checkedHours
      .prefault({ daily: '10:00-18:00' })
      .describe('Opening hours by weekday. Default: 10:00-18:00 every day.'),
    ...around(noHolidays),
  })
  .refine(hasMakeUpHours, makeUpCheck)

const office = z
  .strictObject({
    hours: checkedHours
      .prefault({ mon: nineToSix, tue: nineToSix, wed: nineToSix, thu: nineToSix, fri: nineToSix })
      .describe('Opening hours by weekday. Default: 09:00-18:00 from Monday to Friday.'),
    ...around('cn'),
  })
  .refine(hasMakeUpHours, makeUpCheck)

const otherCalendar = z
  .strictObject({ hours: checkedHours.describe('Opening hours by weekday.'), ...around(noHolidays) })
  .refine(hasMakeUpHours, makeUpCheck)

/** The `calendars` section of the configuration: opening hours by name. */
export const calendarsConfig = z
  .object({
    hotline: hotline.prefault({}).describe('When the hotline is answered.'),
    office: office.prefault({}).describe('When the office works.'),
  })
  .catchall(otherCalendar)
  .superRefine((calendars, context) => {
    for (const name of Object.keys(calendars).filter((one) => !calendarName.test(one)))
      context.addIssue({ code: 'custom', path: [name], message: `a name that ${nameRule}` })
  })

/** One checked calendar. */
export type CalendarSection = z.output<typeof otherCalendar>

/** A checked `calendars` section. */
export type CalendarsConfig = z.output<typeof calendarsConfig>
