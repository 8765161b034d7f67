import { weekdays, type Calendar, type Calendars, type HolidayStore } from '../core/calendar.ts'
import type { CalendarDesk, CalendarStanding, HolidayText } from '../core/calendar-desk.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { dateAt, dayOf, daysOfMonth, specialDaysFrom } from './days.ts'
import { writeHours } from './hours.ts'
import { changeOf, changesNothing, previewImport } from './import/preview.ts'
import { readImport } from './import/read-import.ts'
import { addOpenTime, isOpen, nextOpening } from './open-time.ts'
import { warnBefore } from './warning.ts'

const hourMs = 3_600_000

/** What looking after calendars needs. */
export interface CalendarDeskOptions {
  readonly calendars: Calendars
  readonly holidays: HolidayStore
  /** Keys of the configuration with the calendar that each names. */
  readonly uses: readonly { readonly key: string; readonly calendar: string }[]
  readonly clock: Clock
}

const weekOf = ({ week }: Calendar): CalendarStanding['week'] => {
  const [mon, tue, wed, thu, fri, sat, sun] = weekdays
  return {
    mon: writeHours(week[mon]),
    tue: writeHours(week[tue]),
    wed: writeHours(week[wed]),
    thu: writeHours(week[thu]),
    fri: writeHours(week[fri]),
    sat: writeHours(week[sat]),
    sun: writeHours(week[sun]),
  }
}

const openingOf = (calendar: Calendar, at: Date) => {
  const next = nextOpening(calendar, at)
  return { isOpen: isOpen(calendar, at), ...(next === undefined ? {} : { nextOpening: next }) }
}

const standingOf = (calendar: Calendar, now: Date, uses: CalendarDeskOptions['uses']): CalendarStanding => {
  const { name, timeZone, makeUpLike, holidays } = calendar
  const warning = warnBefore(calendar, now)
  const { knownUntil, daysLeft = 0 } = warning ?? {}
  return {
    ...{ name, timeZone, makeUpLike, week: weekOf(calendar) },
    ...(holidays === undefined ? {} : { holidays }),
    ...(warning === undefined
      ? {}
      : { warning: { daysLeft, ...(knownUntil === undefined ? {} : { knownUntil }) } }),
    ...openingOf(calendar, now),
    usedBy: uses.filter(({ calendar: used }) => used === name).map(({ key }) => key),
    specialDays: specialDaysFrom(calendar, dateAt(calendar, now)),
  }
}

/** Looks after the calendars: shows them, tries them on a moment, and imports holidays. */
export const createCalendarDesk = ({
  calendars,
  holidays,
  uses,
  clock,
}: CalendarDeskOptions): CalendarDesk => {
  const preview = async ({ set, text, ...options }: HolidayText) =>
    previewImport(set, readImport(text, options), await holidays.list())
  return {
    list: () => calendars.list().map((calendar) => standingOf(calendar, clock.now(), uses)),
    days: (name, month) => daysOfMonth(calendars.get(name), month),
    moment: (name, at, hours) => {
      const calendar = calendars.get(name)
      const due = hours === undefined ? undefined : addOpenTime(calendar, at, hours * hourMs)
      return {
        at,
        ...openingOf(calendar, at),
        day: dayOf(calendar, dateAt(calendar, at)),
        ...(due === undefined ? {} : { dueAt: due }),
      }
    },
    preview,
    apply: async (text, { version, source, by }) => {
      const now = await preview(text)
      const change = changeOf(now, { source, importedAt: clock.now(), importedBy: by })
      if (changesNothing(now)) return now
      if (now.version !== version)
        throw new TongdaError(
          'conflict',
          `别人刚导入过 ${text.set}，请再看一遍再导入 somebody else has just imported into ${text.set}; look at the preview again`,
        )
      await holidays.apply(change)
      return now
    },
  }
}
