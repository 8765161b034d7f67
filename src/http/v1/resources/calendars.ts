import { z } from '@hono/zod-openapi'
import type { HolidayText } from '../../../core/calendar-desk.ts'
import {
  calendarJson,
  CalendarDaySchema,
  CalendarSchema,
  HolidayPreviewSchema,
  momentJson,
  MomentSchema,
  previewJson,
} from '../../shapes/calendar.ts'
import { Moment } from '../../shapes/message.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const at = '2026-09-30T09:00:00.000Z'
const nine = '09:00-18:00'

const calendarExample: z.output<typeof CalendarSchema> = {
  ...{ name: 'office', timeZone: 'Asia/Shanghai', makeUpLike: 'mon' },
  week: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: 'closed', sun: 'closed' },
  holidays: { set: 'cn', knownUntil: '2026-12-31' },
  ...{ isOpen: true, nextOpening: at, usedBy: ['promises.otherwise.calendar'] },
  specialDays: [
    { date: '2026-10-01', weekday: 'thu', rule: 'closed', hours: 'closed', name: '国庆节' },
    { date: '2026-10-10', weekday: 'sat', rule: 'workday', hours: nine },
  ],
}
const dayExample: z.output<typeof CalendarDaySchema> = {
  ...{ date: '2026-10-10', weekday: 'sat', hours: nine, rule: 'workday', isUnknown: false },
}
const previewExample: z.output<typeof HolidayPreviewSchema> = {
  set: 'cn',
  added: [{ date: '2027-01-01', rule: { kind: 'closed' }, name: '元旦' }],
  ...{ changed: [], unchanged: [], faults: [], skipped: [] },
  knownUntil: { before: '2026-12-31', after: '2027-12-31' },
  version: 0,
}

/** Room for the longest import, whose quotes and line ends are escaped. */
const maxBodyBytes = 1_500_000
const civilDate = z.iso.date()
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens')

const importFacts = {
  set: name.default('cn').openapi({ description: 'A set of holidays, or the name of one calendar' }),
  text: z.string().min(1).max(1_048_576).openapi({
    description: 'An .ics file, JSON, pasted lines or a notice; see docs/calendars.md',
    example: '2027-01-01 休 元旦',
  }),
  year: z.int().min(1949).max(2200).optional().openapi({ description: 'Of dates without one' }),
  knownUntil: civilDate
    .optional()
    .openapi({ description: 'Until when they are known, where the text does not say' }),
  unmarked: z
    .enum(['skip', 'closed'])
    .optional()
    .openapi({ description: 'What all-day events of an .ics file without 休 or 班 are. Default skip' }),
}
const PreviewInput = z.strictObject(importFacts)
const ImportInput = z.strictObject({
  ...importFacts,
  version: z.int().min(0).openapi({ description: 'Of the preview that was looked at' }),
  source: z.string().min(1).max(200).default('paste').openapi({ description: 'The file’s name' }),
})

const textOf = ({ set, text, year, knownUntil, unmarked }: z.output<typeof PreviewInput>): HolidayText => ({
  ...{ set, text, year, knownUntil, unmarked },
})

const reading = { tag: 'calendars', method: 'get', permission: 'system.read', body: nothing } as const
const ofOne = z.strictObject({ name })

/** When work is done. */
export const calendarRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listCalendars',
    path: '/calendars',
    summary: 'List the calendars',
    description: 'Weekly hours stand in the configuration, holidays are imported.',
    ...{ params: nothing, query: nothing },
    answer: z.object({ data: z.array(CalendarSchema).readonly() }).openapi('CalendarList'),
    example: { data: [calendarExample] },
    handle: ({ api }) => Promise.resolve({ body: { data: api.calendars.list().map(calendarJson) } }),
  }),
  defineRoute({
    ...reading,
    id: 'listCalendarDays',
    path: '/calendars/{name}/days',
    summary: 'Read the days of a month',
    params: ofOne,
    query: z.strictObject({
      month: z
        .string()
        .regex(/^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/, 'must be a month, e.g. 2026-10')
        .openapi({ example: '2026-10' }),
    }),
    answer: z.object({ data: z.array(CalendarDaySchema).readonly() }).openapi('CalendarDays'),
    example: { data: [dayExample] },
    handle: ({ api, params, query }) =>
      Promise.resolve({ body: { data: api.calendars.days(params.name, query.month) } }),
  }),
  defineRoute({
    ...reading,
    id: 'tryCalendar',
    path: '/calendars/{name}/moment',
    summary: 'Ask whether it is open at a moment, and when a promise made then is due',
    params: ofOne,
    query: z.strictObject({
      at: Moment,
      hours: z.coerce
        .number()
        .positive()
        .max(8_760)
        .optional()
        .openapi({ type: 'number', description: 'Of open time' }),
    }),
    answer: MomentSchema,
    example: { at, isOpen: false, nextOpening: at, day: dayExample, dueAt: at },
    handle: ({ api, params, query }) =>
      Promise.resolve({
        body: momentJson(api.calendars.moment(params.name, new Date(query.at), query.hours)),
      }),
  }),
  defineRoute({
    ...{ tag: 'calendars', method: 'post', permission: 'system.manage', params: nothing, query: nothing },
    id: 'previewHolidays',
    path: '/holidays/preview',
    summary: 'See what an import of holidays would change',
    description: 'Changes nothing.',
    ...{ body: PreviewInput, maxBodyBytes },
    answer: HolidayPreviewSchema,
    example: previewExample,
    handle: async ({ api, body }) => ({ body: previewJson(await api.calendars.preview(textOf(body))) }),
  }),
  defineRoute({
    ...{ tag: 'calendars', method: 'post', permission: 'system.manage', params: nothing, query: nothing },
    id: 'importHolidays',
    path: '/holidays/imports',
    summary: 'Import holidays and make-up workdays',
    description:
      'All or nothing, on all nodes. Refused while a line is wrong, and as `conflict` when somebody imported since the preview.',
    ...{ body: ImportInput, maxBodyBytes },
    answer: HolidayPreviewSchema,
    example: previewExample,
    handle: async ({ api, caller, body }) => {
      const { version, source } = body
      const origin = { version, source, by: caller.name }
      return { body: previewJson(await api.calendars.apply(textOf(body), origin)) }
    },
  }),
]
