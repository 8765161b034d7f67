import type { Calendar, CivilDate } from '../core/calendar.ts'
import type { CalendarDay, SpecialDay } from '../core/calendar-desk.ts'
import { dateOf, datesBetween, dayMs, dayNumber, weekdayOf } from './civil-date.ts'
import { exceptionOn, hoursOn } from './day-hours.ts'
import { writeHours } from './hours.ts'
import { writeRule } from './rule.ts'
import { wallClock } from './zone.ts'

/** What a calendar says of a date. */
export const dayOf = (calendar: Calendar, date: CivilDate): CalendarDay => {
  const day = dayNumber(date)
  const exception = exceptionOn(calendar, day)
  return {
    date,
    weekday: weekdayOf(day),
    hours: writeHours(hoursOn(calendar, day)),
    ...(exception === undefined ? {} : { rule: writeRule(exception.rule) }),
    ...(exception?.name === undefined ? {} : { name: exception.name }),
    isUnknown: calendar.holidays !== undefined && date > (calendar.holidays.knownUntil ?? ''),
  }
}

/** The days of a month, e.g. `2026-10`. */
export const daysOfMonth = (calendar: Calendar, month: string): readonly CalendarDay[] => {
  const first = `${month}-01`
  return datesBetween(first, dateOf(dayNumber(first) + 30))
    .filter((date) => date.startsWith(month))
    .map((date) => dayOf(calendar, date))
}

/** The date that a calendar's own clock shows. */
export const dateAt = ({ timeZone }: Calendar, at: Date): CivilDate =>
  dateOf(Math.floor(wallClock(timeZone, at) / dayMs))

/** The dates from `first` on that differ from their weekday, by date. */
export const specialDaysFrom = (calendar: Calendar, first: CivilDate): readonly SpecialDay[] =>
  [...calendar.exceptions]
    .filter(([date, { rule }]) => date >= first && rule.kind !== 'ordinary')
    .map(([date, { rule, name }]): SpecialDay => {
      const day = dayNumber(date)
      return {
        ...{ date, weekday: weekdayOf(day), rule: writeRule(rule) },
        hours: writeHours(hoursOn(calendar, day)),
        ...(name === undefined ? {} : { name }),
      }
    })
    .toSorted((one, other) => one.date.localeCompare(other.date))
