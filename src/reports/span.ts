import { TZDate } from '@date-fns/tz'
import { TongdaError } from '../core/errors.ts'
import type { ReportSpan, TimeSpan } from '../core/report.ts'

/** A span with its moments, and as many days right before it. */
export interface Moments {
  readonly span: TimeSpan
  readonly before: TimeSpan
  readonly datesBefore: { readonly from: string; readonly to: string }
}

/** The longest span of a report, in days. */
const mostDays = 366
const dayMs = 86_400_000

/** Whether a zone is one that the machine knows, by its name. */
const isZone = (zone: string): boolean => {
  try {
    return !/^[+-]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch {
    return false
  }
}

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

const isDate = (date: string): boolean => Number.isInteger(dayOf(date)) && dateOf(dayOf(date)) === date

/** When a date begins in a zone. */
export const startOf = (date: string, zone: string): Date => {
  const day = new Date(dayOf(date) * dayMs)
  return new Date(new TZDate(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), zone).getTime())
}

/** The date that `days` lie between it and another. */
export const shiftDate = (date: string, days: number): string => dateOf(dayOf(date) + days)

/** The date of a moment in a zone. */
export const dateIn = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at)

const refuse = (message: string): TongdaError => new TongdaError('bad_input', message)

/** The moments of a span. Throws `bad_input` for dates, zones and lengths that no report has. */
export const readSpan = ({ from, to, zone }: ReportSpan, now: Date): Moments => {
  if (!isZone(zone)) throw refuse(`${zone} is no time zone; use a name such as Asia/Shanghai`)
  if (!isDate(from) || !isDate(to)) throw refuse('from and to must be dates, e.g. 2026-11-01')
  if (to < from) throw refuse(`the span ends on ${to}, before it begins on ${from}; exchange the two`)
  const days = dayOf(to) - dayOf(from) + 1
  if (days > mostDays)
    throw refuse(`a report covers at most ${String(mostDays)} days; ask for a shorter span`)
  const start = startOf(from, zone)
  if (start > now) throw refuse(`${from} has not begun; ask for this day or an earlier one`)
  const dates = { from: shiftDate(from, -days), to: shiftDate(from, -1) }
  return {
    span: { from: start, to: startOf(shiftDate(to, 1), zone) },
    before: { from: startOf(dates.from, zone), to: start },
    datesBefore: dates,
  }
}
