import type { CivilDate, DayRule, Exception } from '../../core/calendar.ts'
import { civilDate, datesBetween, weekdayOf, dayNumber } from '../civil-date.ts'
import { readWeekday, weekdayName, writeRule } from '../rule.ts'

/** A date an import speaks of, and the line that does. */
export interface ImportDay extends Exception {
  readonly date: CivilDate
  readonly line: number
}

/** A line that cannot be used: what is wrong and what to do. */
export interface ImportFault {
  readonly line: number
  readonly problem: string
  readonly fix: string
}

/** Time for which an import tells all holidays. Without `from`: everything up to its end. */
export interface KnownTime {
  readonly from?: CivilDate
  readonly until: CivilDate
}

/** What was read. With a fault in it nothing of it may take effect. */
export interface ReadImport {
  readonly days: readonly ImportDay[]
  readonly faults: readonly ImportFault[]
  /** What was left out on purpose: prose of a notice, festivals that are no holidays. */
  readonly skipped: readonly { readonly line: number; readonly text: string }[]
  readonly known?: KnownTime
}

/** Longest stretch one line may tell. */
const maxRange = 366

/** A fault, or what was read. */
export type Result<Value> = { readonly value: Value } | { readonly fault: ImportFault }

/** A written date. */
export interface WrittenDate {
  readonly year: number | undefined
  readonly month: number | undefined
  readonly day: number
  /** What it says of its weekday, as written. */
  readonly weekday?: string | undefined
}

/** What a written date needs to be one: a line for faults, and the year where none is written. */
export interface DateContext {
  readonly line: number
  readonly year: number | undefined
}

const faultOf = (line: number, problem: string, fix: string): { readonly fault: ImportFault } => ({
  fault: { line, problem, fix },
})

/** The day that was written; a weekday that is not its own betrays a wrong year. */
export const readDate = (written: WrittenDate, { line, year: given }: DateContext): Result<CivilDate> => {
  const { month, day } = written
  const year = written.year ?? given
  if (month === undefined)
    return faultOf(line, `${String(day)}日 没有月份 has no month`, '写成 write e.g. 10月7日')
  const short = `${String(month)}月${String(day)}日`
  if (year === undefined)
    return faultOf(line, `${short} 没有年份 has no year`, '写上年份，或加 write the year, or add --year 2027')
  const date = civilDate(year, month, day)
  if (date === undefined)
    return faultOf(line, `${String(year)}年${short} 不存在 does not exist`, '改正日期 correct the date')
  const told = written.weekday === undefined ? undefined : readWeekday(written.weekday)
  const weekday = weekdayOf(dayNumber(date))
  if (told !== undefined && told !== weekday)
    return faultOf(
      line,
      `${date} 是${weekdayName(weekday)}，不是 is not ${written.weekday ?? ''}`,
      '核对年份和日期 check the year and the date',
    )
  return { value: date }
}

/** All days of a written range. Its end may leave out the year and the month. */
export const readRange = (
  first: WrittenDate,
  last: WrittenDate | undefined,
  context: DateContext,
): Result<readonly CivilDate[]> => {
  const from = readDate(first, context)
  if ('fault' in from || last === undefined) return 'fault' in from ? from : { value: [from.value] }
  const to = readEnd(first, last, { from: from.value, context })
  if ('fault' in to) return to
  const dates = datesBetween(from.value, to.value)
  if (dates.length > 0 && dates.length <= maxRange) return { value: dates }
  return faultOf(
    context.line,
    dates.length === 0
      ? `${to.value} 早于 lies before ${from.value}`
      : `${from.value} 至 to ${to.value} 超过一年 is longer than a year`,
    '改正日期，跨年时写上年份 correct the dates; write the year where it changes',
  )
}

const readEnd = (
  first: WrittenDate,
  last: WrittenDate,
  { from, context }: { readonly from: CivilDate; readonly context: DateContext },
): Result<CivilDate> => {
  const year = last.year ?? Number(from.slice(0, 4))
  const whole = { ...last, year, month: last.month ?? Number(from.slice(5, 7)) }
  // 2026年12月31日至1月2日: the year was written once and goes on.
  const turns = last.year === undefined && first.year !== undefined && last.month !== undefined
  const isBefore = turns && last.month < Number(from.slice(5, 7))
  return readDate(isBefore ? { ...whole, year: year + 1 } : whole, context)
}

const isSame = (one: DayRule, other: DayRule): boolean => writeRule(one) === writeRule(other)

/** Each date once; a date that is told twice in different ways is a fault of the later line. */
export const onceEach = ({ days, faults, ...rest }: ReadImport): ReadImport => {
  const seen = new Map<CivilDate, ImportDay>()
  const contradictions: ImportFault[] = []
  for (const day of days) {
    const before = seen.get(day.date)
    if (before === undefined) seen.set(day.date, day)
    else if (!isSame(before.rule, day.rule))
      contradictions.push({
        line: day.line,
        problem: `${day.date} 是 is ${writeRule(day.rule)}，第 ${String(before.line)} 行说 line ${String(before.line)} says ${writeRule(before.rule)}`,
        fix: '删掉其中一行 remove one of the two',
      })
  }
  return {
    ...rest,
    days: [...seen.values()],
    faults: [...faults, ...contradictions].toSorted((one, other) => one.line - other.line),
  }
}
