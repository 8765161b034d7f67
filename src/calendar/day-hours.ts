import type { Calendar, Exception, Span } from '../core/calendar.ts'
import { dateOf, weekdayOf } from './civil-date.ts'

/** What is said of a date beside its weekday. */
export const exceptionOn = ({ exceptions }: Calendar, day: number): Exception | undefined =>
  exceptions.size === 0 ? undefined : exceptions.get(dateOf(day))

/** The hours that begin on a day, by its number. */
export const hoursOn = (calendar: Calendar, day: number): readonly Span[] => {
  const { week, makeUpLike } = calendar
  const rule = exceptionOn(calendar, day)?.rule
  switch (rule?.kind) {
    case undefined:
    case 'ordinary':
      return week[weekdayOf(day)]
    case 'closed':
      return []
    case 'workday':
      return week[rule.like ?? makeUpLike]
    case 'hours':
      return rule.spans
    default:
      return rule satisfies never
  }
}
