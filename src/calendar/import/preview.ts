import type { CivilDate, DayRule, Exception, ImportedSet, SetChange } from '../../core/calendar.ts'
import { TongdaError } from '../../core/errors.ts'
import { holidaySet } from '../build.ts'
import { dateOf, dayNumber } from '../civil-date.ts'
import { writeRule } from '../rule.ts'
import type { ImportDay, ImportFault, KnownTime, ReadImport } from './read-days.ts'

/** What an import would change. */
export interface ImportPreview {
  readonly set: string
  readonly added: readonly ImportDay[]
  readonly changed: readonly (ImportDay & { readonly before: DayRule })[]
  /** Dates that are so already. */
  readonly unchanged: readonly CivilDate[]
  readonly faults: readonly ImportFault[]
  readonly skipped: ReadImport['skipped']
  /** The end of what is known, before and after. */
  readonly knownUntil: { readonly before?: CivilDate; readonly after?: CivilDate }
  /** Time in between that stays unknown: the end of what is known cannot move past it. */
  readonly gap?: { readonly from: CivilDate; readonly to: CivilDate }
  readonly version: number
}

interface Known {
  readonly after?: CivilDate
  readonly gap?: { readonly from: CivilDate; readonly to: CivilDate }
}

/** Moves forward only, and never over time of which nothing was told. */
const knownAfter = (before: CivilDate | undefined, told: KnownTime | undefined): Known => {
  if (told === undefined || (before !== undefined && told.until <= before))
    return before === undefined ? {} : { after: before }
  const next = before === undefined ? undefined : dateOf(dayNumber(before) + 1)
  if (next === undefined || told.from === undefined || told.from <= next) return { after: told.until }
  return {
    ...(before === undefined ? {} : { after: before }),
    gap: { from: next, to: dateOf(dayNumber(told.from) - 1) },
  }
}

const nothing: DayRule = { kind: 'ordinary' }

/** Compares an import with a set as it stands. Pure; nothing changes. */
export const previewImport = (
  set: string,
  read: ReadImport,
  imported: readonly ImportedSet[],
): ImportPreview => {
  const { days, knownUntil: before } = holidaySet(set, imported)
  const ruleOf = (date: CivilDate): DayRule | undefined => days.get(date)?.rule
  const isSame = ({ date, rule }: ImportDay): boolean =>
    writeRule(ruleOf(date) ?? nothing) === writeRule(rule)
  const differing = read.days.filter((day) => !isSame(day))
  const { after, gap } = knownAfter(before, read.known)
  return {
    set,
    added: differing.filter(({ date }) => !days.has(date)),
    changed: differing.flatMap((day) => {
      const rule = ruleOf(day.date)
      return rule === undefined ? [] : [{ ...day, before: rule }]
    }),
    unchanged: read.days.filter(isSame).map(({ date }) => date),
    faults: read.faults,
    skipped: read.skipped,
    knownUntil: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    ...(gap === undefined ? {} : { gap }),
    version: imported.find((one) => one.set === set)?.version ?? 0,
  }
}

/** Whether there is anything to do. */
export const changesNothing = ({ added, changed, knownUntil }: ImportPreview): boolean =>
  added.length === 0 && changed.length === 0 && knownUntil.before === knownUntil.after

/** The change as the store takes it. Throws `bad_input` naming every line while there is a fault. */
export const changeOf = (
  { set, added, changed, faults, knownUntil, version }: ImportPreview,
  origin: Pick<SetChange, 'source' | 'importedAt' | 'importedBy'>,
): SetChange => {
  if (faults.length > 0)
    throw new TongdaError(
      'bad_input',
      [
        `${String(faults.length)} 行有误，什么都没有导入 lines are wrong, nothing was imported:`,
        ...faults.map(({ line, problem, fix }) => `  ${String(line)}: ${problem}; ${fix}`),
      ].join('\n'),
      { faults },
    )
  const days = [...added, ...changed].map(({ date, rule, name }): Exception & { date: CivilDate } => ({
    date,
    rule,
    ...(name === undefined ? {} : { name }),
  }))
  const { after } = knownUntil
  return { set, version, days, ...(after === undefined ? {} : { knownUntil: after }), ...origin }
}
