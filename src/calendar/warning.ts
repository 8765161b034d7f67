import type { Calendar, CivilDate } from '../core/calendar.ts'
import { dayMs, dayNumber } from './civil-date.ts'
import { wallClock } from './zone.ts'

/** Days ahead at which a calendar that runs out is told. Next year's holidays are announced in November. */
const warnDays = 45

/** A calendar whose holidays are not known for long. */
export interface CalendarWarning {
  readonly calendar: string
  /** Absent: nothing is known at all. */
  readonly knownUntil?: CivilDate
  /** Days of knowledge left, today included; 0: today is unknown already. */
  readonly daysLeft: number
  readonly message: string
}

const fix = '请导入 import them: tongda calendar import FILE'

const words = ({ calendar, knownUntil, daysLeft }: Omit<CalendarWarning, 'message'>, set: string): string => {
  if (knownUntil === undefined)
    return `日历 ${calendar}: 节假日 ${set} 还没有数据 there are no days of the holidays ${set} yet; ${fix} --set ${set}`
  return daysLeft > 0
    ? `日历 ${calendar}: 节假日只知道到 holidays are known until ${knownUntil} (还有 ${String(daysLeft)} 天 days left); ${fix}`
    : `日历 ${calendar}: ${knownUntil} 之后的节假日未知，按平日计 holidays after ${knownUntil} are unknown and count as ordinary days; ${fix}`
}

/** Warns when the holidays of a calendar are known for `days` more days or fewer. */
export const warnBefore = (calendar: Calendar, now: Date, days = warnDays): CalendarWarning | undefined => {
  const { name, holidays, timeZone } = calendar
  if (holidays === undefined) return undefined
  const { set, knownUntil } = holidays
  const today = Math.floor(wallClock(timeZone, now) / dayMs)
  const daysLeft = knownUntil === undefined ? 0 : Math.max(0, dayNumber(knownUntil) - today + 1)
  if (daysLeft > days) return undefined
  const facts = { calendar: name, daysLeft, ...(knownUntil === undefined ? {} : { knownUntil }) }
  return { ...facts, message: words(facts, set) }
}
