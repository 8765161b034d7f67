/** Calendars as programs exchange them (RFC 5545), with 休 and 班 as Chinese holiday calendars write them. */
import ICAL from 'ical.js'
import type { CivilDate, DayRule } from '../../core/calendar.ts'
import { datesBetween, dateOf, dayNumber } from '../civil-date.ts'
import { findOverlap } from '../hours.ts'
import { onceEach, type ImportDay, type ImportFault, type ReadImport, type Result } from './read-days.ts'

/** What becomes of all-day events that say neither 休 nor 班: festivals of a mixed calendar, or a list of closed days. */
export type Unmarked = 'skip' | 'closed'

const maxName = 60
const maxDays = 366

interface EventOnLine {
  readonly event: ICAL.Component
  readonly line: number
}

/** Each event and the line on which it begins; ical.js tells no lines. */
const eventsOf = (text: string): readonly EventOnLine[] => {
  const lines = text
    .split(/\r\n|\n|\r/u)
    .flatMap((one, place) => (/^BEGIN:VEVENT\s*$/iu.test(one) ? [place + 1] : []))
  const parsed: unknown = ICAL.parse(text)
  const calendars = (Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed]) as unknown[][]
  return calendars
    .flatMap((calendar) =>
      new ICAL.Component(calendar as ConstructorParameters<typeof ICAL.Component>[0]).getAllSubcomponents(
        'vevent',
      ),
    )
    .map((event, place) => ({ event, line: lines[place] ?? 1 }))
}

const textOf = (event: ICAL.Component, property: string): string => {
  const value: unknown = event.getFirstPropertyValue(property)
  return typeof value === 'string' ? value.normalize('NFKC').trim() : ''
}

type Mark = 'closed' | 'workday' | undefined

const markOf = (event: ICAL.Component): Mark => {
  const summary = textOf(event, 'summary')
  const special = textOf(event, 'x-apple-special-day').toUpperCase()
  if (/休|放假/u.test(summary) || special === 'WORK-HOLIDAY') return 'closed'
  if (/班/u.test(summary) || special === 'ALTERNATE-WORKDAY') return 'workday'
  return undefined
}

/** `国庆节(休)` → `国庆节`. */
const nameOf = (summary: string): string =>
  summary.replace(/\s*[([【]?\s*(?:休息?|班|放假|上班|补班|调休)\s*[)\]】]?\s*/gu, '').slice(0, maxName)

const fault = (line: number, problem: string, fix: string): { readonly fault: ImportFault } => ({
  fault: { line, problem, fix },
})

const civil = (time: ICAL.Time): CivilDate => time.toString().slice(0, 10)

/** The dates of an all-day event; its end is not one of them. */
const allDays = (
  start: ICAL.Time,
  end: ICAL.Time | undefined,
  line: number,
): Result<readonly CivilDate[]> => {
  const first = civil(start)
  const last = end === undefined ? first : dateOf(dayNumber(civil(end)) - 1)
  const dates = datesBetween(first, last < first ? first : last)
  return dates.length > maxDays
    ? fault(line, `${first} – ${last} 超过一年 is longer than a year`, '改正日期 correct the dates')
    : { value: dates }
}

/** Hours of a timed event, by the clock of the place it names. */
const timedRule = (start: ICAL.Time, end: ICAL.Time | undefined, line: number): Result<DayRule> => {
  if (start.zone === ICAL.Timezone.utcTimezone)
    return fault(
      line,
      '时间是 UTC the time is in UTC',
      '改用当地时间（TZID）或全天日程 write it with a TZID, or as an all-day event',
    )
  const minute = (time: ICAL.Time): number => time.hour * 60 + time.minute
  const days = end === undefined ? 0 : dayNumber(civil(end)) - dayNumber(civil(start))
  const from = minute(start)
  const to = end === undefined ? from : days * 1_440 + minute(end)
  return to <= from || to - from > 1_440
    ? fault(line, '没有结束时间，或超过一天 has no end, or lasts longer than a day', '写上 write DTEND')
    : { value: { kind: 'hours', spans: [{ from, to }] } }
}

const endOf = (event: ICAL.Component, start: ICAL.Time): ICAL.Time | undefined => {
  const end: unknown = event.getFirstPropertyValue('dtend')
  if (end instanceof ICAL.Time) return end
  const duration: unknown = event.getFirstPropertyValue('duration')
  if (!(duration instanceof ICAL.Duration)) return undefined
  const after = start.clone()
  after.addDuration(duration)
  return after
}

type Taken = Result<readonly ImportDay[]> | { readonly skipped: string }

const readTimed = (
  { line }: EventOnLine,
  { mark, start, end, name }: { mark: Mark; start: ICAL.Time; end: ICAL.Time | undefined; name: string },
): Taken => {
  if (mark === 'closed')
    return fault(
      line,
      '只关闭一段时间 closes a part of a day only',
      '写成班和营业时间，或全天 write 班 with the hours that stay open, or an all-day event',
    )
  const rule = timedRule(start, end, line)
  return 'fault' in rule
    ? rule
    : { value: [{ date: civil(start), line, rule: rule.value, ...(name === '' ? {} : { name }) }] }
}

const readEvent = (one: EventOnLine, unmarked: Unmarked): Taken => {
  const { event, line } = one
  const summary = textOf(event, 'summary')
  if (textOf(event, 'status').toUpperCase() === 'CANCELLED') return { skipped: summary }
  const start: unknown = event.getFirstPropertyValue('dtstart')
  if (!(start instanceof ICAL.Time)) return fault(line, '没有 has no DTSTART', '写上日期 write the date')
  const mark = markOf(event) ?? (unmarked === 'closed' && start.isDate ? 'closed' : undefined)
  if (mark === undefined) return { skipped: summary }
  if (['rrule', 'rdate', 'recurrence-id'].some((property) => event.hasProperty(property)))
    return fault(
      line,
      `"${summary.slice(0, maxName)}" 会重复 repeats`,
      '每天写一个日程 write an event for each day: holidays move from year to year',
    )
  const [end, name] = [endOf(event, start), nameOf(summary)]
  if (!start.isDate) return readTimed(one, { mark, start, end, name })
  const dates = allDays(start, end, line)
  if ('fault' in dates) return dates
  const rule: DayRule = { kind: mark }
  return { value: dates.value.map((date) => ({ date, line, rule, ...(name === '' ? {} : { name }) })) }
}

/** Several timed events of one date are its hours together. */
const joinHours = (days: readonly ImportDay[]): readonly ImportDay[] => {
  const joined = new Map<string, ImportDay>()
  for (const [place, day] of days.entries()) {
    const key = day.rule.kind === 'hours' ? day.date : String(place)
    const before = joined.get(key)
    if (before?.rule.kind !== 'hours' || day.rule.kind !== 'hours') joined.set(key, day)
    else {
      const spans = [...before.rule.spans, ...day.rule.spans].toSorted((a, b) => a.from - b.from)
      joined.set(key, { ...before, rule: { kind: 'hours', spans } })
    }
  }
  return [...joined.values()]
}

const overlaps = (days: readonly ImportDay[]): readonly ImportFault[] =>
  days.flatMap(({ date, line, rule }) =>
    rule.kind === 'hours' && findOverlap(rule.spans) !== undefined
      ? [{ line, problem: `${date}: 时间重叠 the hours overlap`, fix: '合并成一个日程 make it one event' }]
      : [],
  )

/** Reads an iCalendar file. */
export const readIcs = (text: string, unmarked: Unmarked = 'skip'): ReadImport => {
  let events: readonly EventOnLine[]
  try {
    events = eventsOf(text)
  } catch (error) {
    const problem = `不是日历文件 is no iCalendar file: ${error instanceof Error ? error.message : String(error)}`
    return {
      days: [],
      skipped: [],
      faults: [{ line: 1, problem, fix: '请从日历程序重新导出 export it again from the calendar program' }],
    }
  }
  const taken = events.map((one) => ({ line: one.line, result: readEvent(one, unmarked) }))
  const days = joinHours(taken.flatMap(({ result }) => ('value' in result ? result.value : [])))
  return onceEach({
    days,
    faults: [...taken.flatMap(({ result }) => ('fault' in result ? [result.fault] : [])), ...overlaps(days)],
    skipped: taken.flatMap(({ line, result }) =>
      'skipped' in result ? [{ line, text: result.skipped }] : [],
    ),
  })
}
