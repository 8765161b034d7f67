import type { Calendar } from '../core/calendar.ts'
import { yearTable, type YearTable } from './year-table.ts'

/** How far ahead the next opening is looked for. */
const openingYears = 2
/** How far ahead a promised time may lie. */
const promiseYears = 100

/** The first place at which `reaches` holds; it holds at every later one. */
const firstPlace = (length: number, reaches: (place: number) => boolean): number => {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reaches(middle)) high = middle
    else low = middle + 1
  }
  return low
}

const at = (numbers: Float64Array, place: number): number => numbers[place] ?? Number.NaN

/** The place of the first open time that ends after a moment; the length when none does. */
const placeOf = ({ ends }: YearTable, moment: number): number =>
  firstPlace(ends.length, (place) => at(ends, place) > moment)

/** Open milliseconds of the table's year until a moment. */
const openUntil = (table: YearTable, moment: number): number => {
  const place = placeOf(table, moment)
  if (place === table.ends.length) return table.total
  return at(table.before, place) + Math.max(0, moment - at(table.starts, place))
}

/** Whether the calendar is open at a moment; the closing moment is not. */
export const isOpen = (calendar: Calendar, moment: Date): boolean => {
  const table = yearTable(calendar, moment.getUTCFullYear())
  const place = placeOf(table, moment.getTime())
  return place < table.starts.length && at(table.starts, place) <= moment.getTime()
}

/** When the calendar is open next: `moment` itself while it is. Undefined: not within two years. */
export const nextOpening = (calendar: Calendar, moment: Date): Date | undefined => {
  const first = moment.getUTCFullYear()
  for (let year = first; year <= first + openingYears; year += 1) {
    const table = yearTable(calendar, year)
    const place = placeOf(table, moment.getTime())
    if (place < table.starts.length) return new Date(Math.max(moment.getTime(), at(table.starts, place)))
  }
  return undefined
}

/** Open milliseconds from one moment to a later one; 0 when the other is not later. */
export const openTimeBetween = (calendar: Calendar, from: Date, to: Date): number => {
  if (to <= from) return 0
  let open = -openUntil(yearTable(calendar, from.getUTCFullYear()), from.getTime())
  for (let year = from.getUTCFullYear(); year < to.getUTCFullYear(); year += 1)
    open += yearTable(calendar, year).total
  return open + openUntil(yearTable(calendar, to.getUTCFullYear()), to.getTime())
}

/** The moment of the table's year at which this much open time has passed. */
const momentAt = ({ starts, before }: YearTable, open: number): Date => {
  const place = firstPlace(before.length, (one) => at(before, one) >= open) - 1
  return new Date(at(starts, place) + open - at(before, place))
}

/** Without weekly hours nothing opens after the last exception. */
const lastYear = ({ week, exceptions }: Calendar, from: number): number => {
  if (Object.values(week).some((spans) => spans.length > 0)) return from + promiseYears
  const years = Array.from(exceptions.keys(), (date) => Number(date.slice(0, 4)))
  return Math.max(from, ...years) + 1
}

/**
 * The first moment at which `ms` of open time have passed since `from`: a closing moment when it fits exactly, and
 * `from` itself when `ms` is not positive. Undefined: not within a hundred years.
 */
export const addOpenTime = (calendar: Calendar, from: Date, ms: number): Date | undefined => {
  if (ms <= 0) return from
  const first = from.getUTCFullYear()
  const last = lastYear(calendar, first)
  let left = ms + openUntil(yearTable(calendar, first), from.getTime())
  for (let year = first; year <= last; year += 1) {
    const table = yearTable(calendar, year)
    if (table.total >= left) return momentAt(table, left)
    left -= table.total
  }
  return undefined
}
