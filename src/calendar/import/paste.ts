import type { CivilDate } from '../../core/calendar.ts'
import { lastWholeYear } from '../china.ts'
import { readRule } from '../rule.ts'
import { isNotice, readNoticeLine, yearOfNotice } from './notice.ts'
import {
  onceEach,
  readDate,
  readRange,
  type ImportDay,
  type ImportFault,
  type KnownTime,
  type ReadImport,
  type WrittenDate,
} from './read-days.ts'

const date = String.raw`(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?`
const weekday = String.raw`(?:\s*\(?((?:周|星期)[一二三四五六日天])\)?)?`
const dated = new RegExp(
  String.raw`^${date}${weekday}(?:\s*(?:~|至|到|\.\.|\s-+\s|–|—)\s*(?:${date}|(\d{1,2})日?)${weekday})?(?:\s*[,;\t]\s*|\s+)(.+)$`,
  'u',
)
const hours = String.raw`\d{1,2}:\d{2}\s*[-~–至]\s*\d{1,2}:\d{2}`
const ruled = new RegExp(
  String.raw`^(${hours}(?:\s*[,、]\s*${hours})*|like\s+\w+|[^\s,;]+)(?:[\s,;]+(.*))?$`,
  'iu',
)
const known = new RegExp(String.raw`^(?:已知至|已知到|known\s?until)\s*[:=]?\s*${date}$`, 'iu')
const maxName = 60

interface Reading {
  readonly year: number | undefined
  readonly isNotice: boolean
  readonly days: ImportDay[]
  readonly faults: ImportFault[]
  readonly skipped: { line: number; text: string }[]
  known?: KnownTime
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

const fix =
  '写成 write e.g. 2027-01-01 休 元旦, 2027-02-07 班, 2027-10-01~2027-10-07 休, 2026-12-24 09:00-12:00'

interface Dated {
  readonly first: WrittenDate
  readonly last: WrittenDate | undefined
  readonly words: string
}

const readDated = (text: string): Dated | undefined => {
  const found = dated.exec(text)
  if (found === null) return undefined
  const [, year, month, day, weekdayOfFirst, toYear, toMonth, toDay, bareDay, weekdayOfLast, words] = found
  const end = toDay ?? bareDay
  return {
    first: {
      year: numberOf(year),
      month: numberOf(month),
      day: Number(day),
      weekday: weekdayOfFirst,
    },
    last:
      end === undefined
        ? undefined
        : {
            year: numberOf(toYear),
            month: numberOf(toMonth),
            day: Number(end),
            weekday: weekdayOfLast,
          },
    words: words?.trim() ?? '',
  }
}

/** A line of one date or range and what it is; the fault when it is no such line, undefined when it was taken. */
const takeDated = (
  reading: Reading,
  { first, last, words }: Dated,
  line: number,
): ImportFault | undefined => {
  const [, ruleText = '', name = ''] = ruled.exec(words) ?? []
  const read = readRule(ruleText)
  if ('problem' in read) return { line, problem: read.problem, fix }
  const range = readRange(first, last, { line, year: reading.year })
  if ('fault' in range) return range.fault
  const called = name.trim().slice(0, maxName)
  for (const one of range.value)
    reading.days.push({ date: one, line, rule: read.rule, ...(called === '' ? {} : { name: called }) })
  return undefined
}

const takeNotice = (reading: Reading, text: string, line: number): void => {
  const { days, faults } = readNoticeLine(text, line, reading.year)
  reading.days.push(...days)
  reading.faults.push(...faults)
}

const takeKnown = (reading: Reading, found: RegExpExecArray, line: number): void => {
  const [, year, month, day] = found.map(numberOf)
  const until = readDate({ year, month, day: day ?? 0 }, { line, year: reading.year })
  if ('fault' in until) reading.faults.push(until.fault)
  else reading.known = { until: until.value }
}

const takeLine = (reading: Reading, text: string, line: number): void => {
  if (text === '' || text.startsWith('#')) return
  const until = known.exec(text)
  if (until !== null) {
    takeKnown(reading, until, line)
    return
  }
  const table = readDated(text)
  const fault = table === undefined ? undefined : takeDated(reading, table, line)
  if (table !== undefined && (fault === undefined || !isNotice(text))) {
    if (fault !== undefined) reading.faults.push(fault)
  } else if (isNotice(text)) takeNotice(reading, text, line)
  // A notice has a preamble and a signature.
  else if (reading.isNotice && !/\d[-/.]\d|\d日\s*\D/u.test(text)) reading.skipped.push({ line, text })
  else reading.faults.push({ line, problem: `"${text.slice(0, maxName)}" 看不懂 is not understood`, fix })
}

/** A whole notice tells its whole year. */
const knownByNotice = ({ days, year, isNotice: whole }: Reading): KnownTime | undefined => {
  if (!whole || year === undefined) return undefined
  const until = lastWholeYear(new Map(days.map((day): [CivilDate, ImportDay] => [day.date, day])))
  return until === `${String(year)}-12-31` ? { from: `${String(year)}-01-01`, until } : undefined
}

/**
 * Reads what a person pastes: lines of a date or range and what it is, `已知至 2027-12-31`, and sentences of the State
 * Council's notice. `year` counts for dates without one.
 */
export const readPaste = (text: string, year?: number): ReadImport => {
  const plain = text.normalize('NFKC')
  const lines = plain.split(/\r\n|\n|\r/u).map((one) => one.trim())
  const reading: Reading = {
    year: year ?? yearOfNotice(plain),
    isNotice: lines.some((one) => readDated(one) === undefined && isNotice(one)),
    days: [],
    faults: [],
    skipped: [],
  }
  for (const [place, one] of lines.entries()) takeLine(reading, one, place + 1)
  const { days, faults, skipped } = reading
  const told = reading.known ?? knownByNotice(reading)
  return onceEach({ days, faults, skipped, ...(told === undefined ? {} : { known: told }) })
}
