/**
 * Sentences of the State Council's notice (国务院办公厅关于部分节假日安排的通知), e.g.
 * `四、劳动节：5月1日至5日放假调休，共5天。4月26日（星期日）上班。`
 */
import type { CivilDate, DayRule } from '../../core/calendar.ts'
import { readRange, type ImportDay, type ImportFault, type WrittenDate } from './read-days.ts'

/** What the sentences of one line tell. */
export interface NoticeLine {
  readonly days: readonly ImportDay[]
  readonly faults: readonly ImportFault[]
}

const date = String.raw`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号](?:\(([^()]*)\))?`
const piece = new RegExp(
  String.raw`${date}(?:\s*(?:至|到|-|~|—|–)+\s*${date})?|(放假|补休|公休|休息|上班)|共(\d{1,3})天|放?假(\d{1,3})天`,
  'gu',
)
const heading = /^(?:[一二三四五六七八九十]+、|\d{1,2}[.、)]\s*)?\s*([^\d:。,;()]{1,12}):/u
/** Wishes, which bind nobody. */
const wish = /鼓励|倡导|建议|可以/u
const weekday = /(?:周|星期|礼拜)[一二三四五六日天]/u

/** Whether a line speaks as the notice does. `text` is in NFKC. */
export const isNotice = (text: string): boolean => /\d[日号]/u.test(text) && /放假|补休|上班/u.test(text)

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

const writtenDate = (groups: readonly (string | undefined)[]): WrittenDate | undefined => {
  const [year, month, day, remark] = groups
  if (day === undefined) return undefined
  return {
    year: numberOf(year),
    month: numberOf(month),
    day: Number(day),
    weekday: remark === undefined ? undefined : weekday.exec(remark)?.[0],
  }
}

interface Reading {
  readonly line: number
  readonly year: number | undefined
  readonly name: string | undefined
  readonly days: ImportDay[]
  readonly faults: ImportFault[]
  /** Dates of which is not said yet what they are. */
  dates: CivilDate[]
  /** The month that a bare day means. */
  month: number | undefined
  /** How many days were just said to be off. */
  off: number
}

const takeDates = (reading: Reading, first: WrittenDate, last: WrittenDate | undefined): void => {
  const month = first.month ?? reading.month
  const range = readRange({ ...first, month }, last, reading)
  reading.month = last?.month ?? month
  if ('fault' in range) reading.faults.push(range.fault)
  else reading.dates.push(...range.value)
}

const takeVerb = (reading: Reading, verb: string): void => {
  const { line, name, dates } = reading
  const rule: DayRule = { kind: verb === '上班' ? 'workday' : 'closed' }
  if (dates.length === 0) return
  reading.days.push(
    ...dates.map((one) => ({ date: one, line, rule, ...(name === undefined ? {} : { name }) })),
  )
  reading.off = rule.kind === 'closed' ? dates.length : 0
  reading.dates = []
}

const takeCount = ({ line, off, faults }: Reading, count: number): void => {
  if (off === 0 || off === count) return
  faults.push({
    line,
    problem: `写着${String(count)}天，日期却是${String(off)}天 says ${String(count)} days off, the dates are ${String(off)}`,
    fix: '核对日期 check the dates',
  })
}

const readSentence = (reading: Reading, sentence: string): void => {
  for (const found of sentence.matchAll(piece)) {
    const [, ...groups] = found
    const [verb, total, days] = groups.slice(8)
    const first = writtenDate(groups)
    const count = total ?? days
    if (first !== undefined) takeDates(reading, first, writtenDate(groups.slice(4)))
    else if (verb !== undefined) takeVerb(reading, verb)
    if (count !== undefined) takeCount(reading, Number(count))
  }
  if (reading.dates.length > 0)
    reading.faults.push({
      line: reading.line,
      problem: `${reading.dates[0] ?? ''} 没说放假还是上班 is neither off nor a workday`,
      fix: '写上放假或上班 write 放假 or 上班 after the dates',
    })
  reading.dates = []
}

/** Reads one line of a notice in NFKC; `year` counts where none is written. */
export const readNoticeLine = (text: string, line: number, year: number | undefined): NoticeLine => {
  const name = heading.exec(text)?.[1]?.trim()
  const reading: Reading = {
    ...{ line, year, name, days: [], faults: [], dates: [], month: undefined, off: 0 },
  }
  for (const sentence of text.split(/[。;]/u)) if (!wish.test(sentence)) readSentence(reading, sentence)
  return { days: reading.days, faults: reading.faults }
}

/** The year that a notice is about, by its title or first sentence. `text` is in NFKC. */
export const yearOfNotice = (text: string): number | undefined => {
  const year = /(\d{4})年(?:的|部分|全年)*(?:节假日|放假|元旦|法定)/u.exec(text)?.[1]
  return numberOf(year)
}
