import type { ReportSpan } from '../core/report.ts'
import type { ReportMail } from './config.ts'
import { dateIn, shiftDate } from './span.ts'

const weekDays = 7

/** The last whole day, week from Monday or month before a moment, as dates of a zone. */
export const spanOfMail = (span: ReportMail['span'], zone: string, now: Date): ReportSpan => {
  const today = dateIn(zone, now)
  const rest = { zone, time: 'calendar' } as const
  if (span === 'yesterday') return { from: shiftDate(today, -1), to: shiftDate(today, -1), ...rest }
  if (span === 'last-week') {
    const sinceMonday = (new Date(`${today}T00:00:00Z`).getUTCDay() + weekDays - 1) % weekDays
    const monday = shiftDate(today, -sinceMonday - weekDays)
    return { from: monday, to: shiftDate(monday, weekDays - 1), ...rest }
  }
  const last = shiftDate(`${today.slice(0, 8)}01`, -1)
  return { from: `${last.slice(0, 8)}01`, to: last, ...rest }
}
