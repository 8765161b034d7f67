import { weekdays, type DayRule, type Weekday } from '../core/calendar.ts'
import { readHours, writeHours } from './hours.ts'

/** A rule that was read, or what is wrong with it and what to write. */
export type ReadRule = { readonly rule: DayRule } | { readonly problem: string }

const closed = /^(?:休|休息|放假|节假日|假|关闭|不营业|补休|closed|off|holiday)$/iu
const workday = /^(?:班|上班|补班|工作日|调休上班|workday|work)$/iu
const ordinary = /^(?:平|平日|正常|照常|ordinary)$/iu
const like = /^(?:like\s*|像|同|按)(mon|tue|wed|thu|fri|sat|sun|(?:周|星期|礼拜)[一二三四五六日天])$/iu

const chineseDays = '一二三四五六日'

/** The weekday of `周日`, `星期天` or `sun`. */
export const readWeekday = (text: string): Weekday | undefined => {
  const short = text.toLowerCase()
  const last = short.slice(-1).replace('天', '日')
  return weekdays.find((day) => day === short) ?? weekdays[chineseDays.indexOf(last)]
}

/** How a weekday is called in Chinese. */
export const weekdayName = (day: Weekday): string => `周${chineseDays[weekdays.indexOf(day)] ?? ''}`

const examples = '休 closed, 班 workday, 平 ordinary, like mon, 09:00-12:00'

/** Reads what a date is: 休, 班, 平, `like tue`, or hours. */
export const readRule = (text: string): ReadRule => {
  const plain = text.normalize('NFKC').trim()
  if (closed.test(plain)) return { rule: { kind: 'closed' } }
  if (workday.test(plain)) return { rule: { kind: 'workday' } }
  if (ordinary.test(plain)) return { rule: { kind: 'ordinary' } }
  const weekday = like.exec(plain)?.[1]
  const day = weekday === undefined ? undefined : readWeekday(weekday)
  if (day !== undefined) return { rule: { kind: 'workday', like: day } }
  if (!/\d/.test(plain)) return { problem: `"${plain}" says nothing of the day; write one of: ${examples}` }
  const hours = readHours(plain)
  return 'problem' in hours ? hours : { rule: { kind: 'hours', spans: hours.spans } }
}

/** The rule as `readRule` reads it. */
export const writeRule = (rule: DayRule): string => {
  switch (rule.kind) {
    case 'closed':
      return 'closed'
    case 'ordinary':
      return 'ordinary'
    case 'workday':
      return rule.like === undefined ? 'workday' : `like ${rule.like}`
    case 'hours':
      return writeHours(rule.spans)
    default:
      return rule satisfies never
  }
}
