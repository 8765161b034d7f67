import { createRequire } from 'node:module'
import { z } from 'zod'
import type { CivilDate, Exception } from '../core/calendar.ts'
import { isCivilDate } from './civil-date.ts'

/** The name of the set of China's public holidays. */
export const chinaSet = 'cn'

/** Public holidays as far as they are known. */
export interface HolidaySet {
  readonly days: ReadonlyMap<CivilDate, Exception>
  /** The last date for which they are known; absent: nothing is. */
  readonly knownUntil?: CivilDate
}

const Days = z.record(z.string().refine(isCivilDate), z.string())
const Seed = z.object({ holidays: Days, workdays: Days })

const readSeed = (): z.output<typeof Seed> =>
  // By hand, since importing JSON still warns on Node 20.
  Seed.parse(createRequire(import.meta.url)('chinese-days/dist/chinese-days.json'))

/** `National Day,国庆节,3` → `国庆节`. */
const nameOf = (text: string): string => text.split(',')[1] ?? text

const entriesOf = (days: Readonly<Record<string, string>>, kind: 'closed' | 'workday') =>
  Object.entries(days).map(([date, text]): [CivilDate, Exception] => [
    date,
    { rule: { kind }, name: nameOf(text) },
  ])

/**
 * The end of the last year that was announced as a whole. The year after it may hold a New Year's Day already; what is
 * not told of it must not pass for workdays.
 */
export const lastWholeYear = (days: ReadonlyMap<CivilDate, Exception>): CivilDate | undefined => {
  const isOff = (date: CivilDate): boolean => days.get(date)?.rule.kind === 'closed'
  const years = new Set(Array.from(days.keys(), (date) => date.slice(0, 4)))
  const whole = [...years].filter((year) => isOff(`${year}-01-01`) && isOff(`${year}-10-01`)).toSorted()
  return whole.length === 0 ? undefined : `${whole.at(-1) ?? ''}-12-31`
}

let china: HolidaySet | undefined

/** China's public holidays and make-up workdays that ship with the product. Read when first asked for. */
export const chinaHolidays = (): HolidaySet => {
  if (china !== undefined) return china
  const { holidays, workdays } = readSeed()
  const days = new Map([...entriesOf(holidays, 'closed'), ...entriesOf(workdays, 'workday')])
  const knownUntil = lastWholeYear(days)
  china = { days, ...(knownUntil === undefined ? {} : { knownUntil }) }
  return china
}
