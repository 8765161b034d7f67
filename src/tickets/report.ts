import { TZDate } from '@date-fns/tz'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { CountTickets, TicketReport } from '../core/ticket-report.ts'

const spanOf = (month: string, timeZone: string): { readonly from: Date; readonly to: Date } => {
  const [year = Number.NaN, number = Number.NaN] = month.split('-').map(Number)
  const start = (offset: number): Date =>
    new Date(new TZDate(year, number - 1 + offset, 1, timeZone).getTime())
  return { from: start(0), to: start(1) }
}

export interface TicketReporterOptions {
  readonly count: CountTickets
  readonly timeZone: string
  readonly clock: Clock
}

/** Makes the report of a month, e.g. `2026-11`. Throws `bad_input` for one that has not begun. */
export const createTicketReporter =
  ({ count, timeZone, clock }: TicketReporterOptions) =>
  async (month: string): Promise<TicketReport> => {
    const span = spanOf(month, timeZone)
    const now = clock.now()
    if (!(span.from <= now))
      throw new TongdaError('bad_input', `${month} has not begun; ask for this month or an earlier one`)
    return { month, timeZone, ...(await count({ ...span, now })) }
  }
