import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { CivilDate } from '../../core/calendar.ts'
import { datesBetween, isCivilDate } from '../civil-date.ts'
import { lastWholeYear } from '../china.ts'
import { readRule } from '../rule.ts'
import { onceEach, type ImportDay, type ImportFault, type KnownTime, type ReadImport } from './read-days.ts'

const date = z.string().refine(isCivilDate, 'must be a date that exists, e.g. 2027-01-01')
const name = z.string().trim().max(60).optional()

/** Our own shape: one date, or all from `from` to `to`; `is` as in a pasted line: 休, 班, 平, like tue, 09:00-12:00. */
const OwnDay = z.strictObject({
  date: date.optional(),
  from: date.optional(),
  to: date.optional(),
  is: z.string(),
  name,
})
const Own = z.strictObject({
  knownUntil: date.optional(),
  days: z.array(z.unknown()).min(1, 'must hold at least one day'),
})

/** The shape of NateScarlet/holiday-cn: one file a year. */
const HolidayCnDay = z.object({ name, date, isOffDay: z.boolean() })
const HolidayCn = z.object({
  year: z.int().min(1949).max(2200),
  days: z.array(z.unknown()).min(1, 'must hold at least one day: the year is not announced yet'),
})

const fix =
  '写成 write {"knownUntil":"2027-12-31","days":[{"date":"2027-01-01","is":"休","name":"元旦"}]}, 或 or a file of holiday-cn'

const faultAt = (line: number, problem: string): ImportFault => ({ line, problem, fix })

const onlyFaults = (...faults: readonly ImportFault[]): ReadImport => ({ days: [], faults, skipped: [] })

const explain = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`).join('; ')

/** The line on which each day begins. */
const linesOfDays = (text: string): ((place: number) => number) => {
  const lineCounter = new LineCounter()
  const { contents } = parseDocument(text, { lineCounter, logLevel: 'silent' })
  const days = isMap(contents) ? contents.get('days', true) : undefined
  return (place) => {
    const item: unknown = isSeq(days) ? days.items[place] : undefined
    return isNode(item) ? lineCounter.linePos(item.range?.[0] ?? 0).line : 1
  }
}

type ReadDay = (raw: unknown, line: number) => readonly ImportDay[] | ImportFault

const named = (text: string | undefined) => (text === undefined || text === '' ? {} : { name: text })

const readHolidayCnDay: ReadDay = (raw, line) => {
  const day = HolidayCnDay.safeParse(raw)
  if (!day.success) return faultAt(line, explain(day.error))
  const kind = day.data.isOffDay ? ('closed' as const) : ('workday' as const)
  return [{ date: day.data.date, line, rule: { kind }, ...named(day.data.name) }]
}

const datesOf = ({ date: one, from, to }: z.output<typeof OwnDay>): readonly CivilDate[] => {
  if (one !== undefined) return from === undefined && to === undefined ? [one] : []
  if (from === undefined || to === undefined) return []
  const dates = datesBetween(from, to)
  return dates.length > 366 ? [] : dates
}

const readOwnDay: ReadDay = (raw, line) => {
  const day = OwnDay.safeParse(raw)
  if (!day.success) return faultAt(line, explain(day.error))
  const dates = datesOf(day.data)
  if (dates.length === 0) return faultAt(line, 'needs either date, or from and to in order, a year at most')
  const read = readRule(day.data.is)
  if ('problem' in read) return faultAt(line, read.problem)
  return dates.map((one) => ({ date: one, line, rule: read.rule, ...named(day.data.name) }))
}

const readAll = (text: string, raw: readonly unknown[], readDay: ReadDay): ReadImport => {
  const lineOf = linesOfDays(text)
  const read = raw.map((one, place) => readDay(one, lineOf(place)))
  const days = read.flatMap((one) => ('problem' in one ? [] : one))
  return onceEach({ days, faults: read.filter((one) => 'problem' in one), skipped: [] })
}

const readOwn = (text: string, raw: unknown): ReadImport => {
  const file = Own.safeParse(raw)
  if (!file.success) return onlyFaults(faultAt(1, explain(file.error)))
  const { knownUntil } = file.data
  const read = readAll(text, file.data.days, readOwnDay)
  return knownUntil === undefined ? read : { ...read, known: { until: knownUntil } }
}

const readHolidayCn = (text: string, raw: unknown): ReadImport => {
  const file = HolidayCn.safeParse(raw)
  if (!file.success) return onlyFaults(faultAt(1, explain(file.error)))
  const read = readAll(text, file.data.days, readHolidayCnDay)
  const year = String(file.data.year)
  const whole = lastWholeYear(new Map(read.days.map((day): [CivilDate, ImportDay] => [day.date, day])))
  const known: KnownTime = { from: `${year}-01-01`, until: `${year}-12-31` }
  return whole === known.until ? { ...read, known } : read
}

/** `JSON.parse` does not always say where it gave up. */
const lineOfSyntax = (text: string): number =>
  parseDocument(text, { logLevel: 'silent' }).errors[0]?.linePos?.[0].line ?? 1

/** Reads our own JSON or that of holiday-cn. */
export const readJson = (text: string): ReadImport => {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return onlyFaults(faultAt(lineOfSyntax(text), `不是 is not JSON: ${String(error)}`))
  }
  return z.object({ year: z.unknown() }).safeParse(raw).data?.year === undefined
    ? readOwn(text, raw)
    : readHolidayCn(text, raw)
}
