import type { Schemas } from '../api/v1.ts'
import type { AnyTranslate } from '../words/index.ts'
import type { WordKey } from '../words/admin.ts'

type T = AnyTranslate<WordKey>
type Weekday = Schemas['Calendar']['makeUpLike']
type TimedRule = Schemas['HolidayPreview']['added'][number]['rule']

/** Days of the week in their order. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const isWeekday = (text: string): text is Weekday => weekdays.some((day) => day === text)

/** Hours, or that it is closed. */
export const hoursWords = (hours: string, t: T): string =>
  hours === 'closed' ? t('calendars.hours.closed') : hours

/** A rule as the server writes it: `closed`, `workday`, `like tue`, `ordinary`, or hours. */
export const ruleWords = (rule: string, t: T): string => {
  if (rule === 'closed' || rule === 'workday' || rule === 'ordinary') return t(`calendars.rule.${rule}`)
  const day = rule.replace(/^like /, '')
  return isWeekday(day) ? t('calendars.rule.like', { day: t(`day.${day}`) }) : rule
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** The same of a rule in parts. */
export const dayRuleWords = ({ kind, like, spans = [] }: TimedRule, t: T): string => {
  if (kind === 'hours') return spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ')
  return ruleWords(kind === 'workday' && like !== undefined ? `like ${like}` : kind, t)
}

/** A moment typed into a field of date and time, meant in China's time. */
export const momentOf = (typed: string): string | undefined => {
  const at = new Date(`${typed}:00+08:00`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
