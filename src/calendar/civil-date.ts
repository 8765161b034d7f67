import { weekdays, type CivilDate, type Weekday } from '../core/calendar.ts'

/** Milliseconds of a day on a clock that is never changed. */
export const dayMs = 86_400_000

const written = /^\d{4}-\d{2}-\d{2}$/

/** Days since 1970-01-01. */
export const dayNumber = (date: CivilDate): number => Date.parse(`${date}T00:00:00Z`) / dayMs

/** The date of a day number. */
export const dateOf = (day: number): CivilDate => new Date(day * dayMs).toISOString().slice(0, 10)

/** Which weekday a day number is. */
export const weekdayOf = (day: number): Weekday => {
  // 1970-01-01 was a Thursday.
  const place = (((day + 3) % 7) + 7) % 7
  return weekdays[place] ?? 'mon'
}

/** Whether a text is a day that exists, written `2027-01-31`. */
export const isCivilDate = (text: string): boolean => {
  const day = written.test(text) ? dayNumber(text) : Number.NaN
  return Number.isInteger(day) && dateOf(day) === text
}

/** A date by its numbers; undefined when there is no such day. */
export const civilDate = (year: number, month: number, day: number): CivilDate | undefined => {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return isCivilDate(text) ? text : undefined
}

/** Every date from `from` to `to`, both included. */
export const datesBetween = (from: CivilDate, to: CivilDate): readonly CivilDate[] => {
  const first = dayNumber(from)
  return Array.from({ length: Math.max(0, dayNumber(to) - first + 1) }, (_, offset) => dateOf(first + offset))
}
