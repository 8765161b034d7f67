import { TZDate } from '@date-fns/tz'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  ReportedMonth,
  ReportedTheme,
  SuggestionCounting,
  SuggestionReport,
} from '../core/suggestion-report.ts'

const mostListed = 20
/** From so many on, and by so much, a theme is rising: the difference of two months that chance alone seldom makes. */
const [leastRise, spread] = [3, 2]

const monthOf = (month: string, timeZone: string): ReportedMonth => {
  const [year = Number.NaN, number = Number.NaN] = month.split('-').map(Number)
  const start = (offset: number): Date =>
    new Date(new TZDate(year, number - 1 + offset, 1, timeZone).getTime())
  return { from: start(0), to: start(1), before: start(-1) }
}

const isRising = ({ count, before }: ReportedTheme): boolean =>
  count >= leastRise && count - before > spread * Math.sqrt(Math.max(1, count + before) / 2)

const byRise = (one: ReportedTheme, other: ReportedTheme): number =>
  other.count - other.before - (one.count - one.before)

const isWithin = (month: ReportedMonth, at: Date): boolean => at >= month.from && at < month.to

export interface ReporterOptions {
  readonly counting: SuggestionCounting
  readonly timeZone: string
  readonly clock: Clock
}

const bare = ({ id, label, status, count, before, contacts, total }: ReportedTheme): ReportedTheme => ({
  ...{ id, label, status, count, before, contacts, total },
})

/** Makes the report of a month. Throws `bad_input` for one that has not begun. */
export const createReporter =
  ({ counting, timeZone, clock }: ReporterOptions) =>
  async (month: string): Promise<SuggestionReport> => {
    const range = monthOf(month, timeZone)
    if (!(range.from <= clock.now()))
      throw new TongdaError('bad_input', `${month} has not begun; ask for this month or an earlier one`)
    const themes = await counting.themes(range)
    return {
      ...{ month, timeZone, from: range.from, to: range.to },
      ...(await counting.totals(range)),
      mostAsked: themes.slice(0, mostListed).map(bare),
      newThemes: themes
        .filter(({ firstAt }) => isWithin(range, firstAt))
        .slice(0, mostListed)
        .map(bare),
      rising: themes.filter(isRising).toSorted(byRise).slice(0, mostListed).map(bare),
      shipped: await counting.turned(range, 'shipped'),
      declined: await counting.turned(range, 'declined'),
    }
  }
