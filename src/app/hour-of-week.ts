import { exceptionOn, weekdayOf, dayNumber } from '../calendar/index.ts'
import { weekdays, type Calendar } from '../core/calendar.ts'

/** Numbers of the civil date and the time of day in a zone. */
const clockOf = (timeZone: string): ((ms: number) => { readonly date: string; readonly hour: number }) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  })
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '0'
    return {
      date: `${part('year')}-${part('month')}-${part('day')}`,
      hour: Number(part('hour')) + Number(part('minute')) / 60,
    }
  }
}

/** The hour of the week in a calendar's zone: holidays are Sundays there, make-up workdays what the calendar says. */
export const createHourOfWeek = (calendar: () => Calendar): ((ms: number) => number) => {
  let zone: { readonly name: string; readonly read: ReturnType<typeof clockOf> } | undefined
  return (ms) => {
    const days = calendar()
    if (zone?.name !== days.timeZone) zone = { name: days.timeZone, read: clockOf(days.timeZone) }
    const { date, hour } = zone.read(ms)
    const day = dayNumber(date)
    const rule = exceptionOn(days, day)?.rule
    const weekday =
      rule?.kind === 'closed'
        ? 'sun'
        : rule?.kind === 'workday'
          ? (rule.like ?? days.makeUpLike)
          : weekdayOf(day)
    return weekdays.indexOf(weekday) * 24 + hour
  }
}
