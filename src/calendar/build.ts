import type { Calendar, CivilDate, DayRule, Exception, ImportedSet } from '../core/calendar.ts'
import { chinaHolidays, chinaSet, type HolidaySet } from './china.ts'
import { noHolidays, weekOf, type CalendarSection, type CalendarsConfig } from './config.ts'
import { readRule } from './rule.ts'

const latest = (one: CivilDate | undefined, other: CivilDate | undefined): CivilDate | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one

const noDays: HolidaySet = { days: new Map() }

const knownOf = ({ knownUntil }: { readonly knownUntil?: CivilDate | undefined }) =>
  knownUntil === undefined ? {} : { knownUntil }

/** A set as it stands: what was imported counts before what ships with the product. */
export const holidaySet = (set: string, imported: readonly ImportedSet[]): HolidaySet => {
  const seed = set === chinaSet ? chinaHolidays() : noDays
  const found = imported.find((one) => one.set === set)
  const knownUntil = latest(seed.knownUntil, found?.knownUntil)
  const days = new Map<CivilDate, Exception>(seed.days)
  for (const { date, rule, name } of found?.days ?? [])
    days.set(date, { rule, ...(name === undefined ? {} : { name }) })
  return { days, ...knownOf({ knownUntil }) }
}

const ruleOf = (text: string): DayRule => {
  const read = readRule(text)
  return 'rule' in read ? read.rule : { kind: 'ordinary' }
}

/**
 * A calendar from its section: single dates of the section count before days imported under the calendar's own name,
 * and those before its public holidays.
 */
export const buildCalendar = (
  name: string,
  section: CalendarSection,
  imported: readonly ImportedSet[],
): Calendar => {
  const follows = section.holidays !== noHolidays
  const holidays = follows ? holidaySet(section.holidays, imported) : noDays
  const own = holidaySet(name, imported)
  const written = Object.entries(section.exceptions).map(([date, text]): [CivilDate, Exception] => [
    date,
    { rule: ruleOf(text) },
  ])
  return {
    name,
    timeZone: section.timezone,
    week: weekOf(section.hours),
    makeUpLike: section.makeUpLike,
    exceptions: new Map([...holidays.days, ...own.days, ...written]),
    ...(follows ? { holidays: { set: section.holidays, ...knownOf(holidays) } } : {}),
  }
}

/** Every configured calendar. */
export const buildCalendars = (
  config: CalendarsConfig,
  imported: readonly ImportedSet[],
): readonly Calendar[] =>
  Object.entries(config).map(([name, section]) => buildCalendar(name, section, imported))
