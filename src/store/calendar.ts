import type { DayRule, HolidayStore, ImportedDay, ImportedSet, Span, Weekday } from '../core/calendar.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Row } from './database.ts'
import { recordAudit } from './record-audit.ts'

// Dates as text: a driver would make them midnights of its own zone.
const list = `
select s.set_name, s.known_until::text as known_until, s.version, e.date::text as date, e.kind, e.like_weekday,
  e.hours, e.name, e.source, e.imported_at, e.imported_by
from calendar_sets s left join calendar_exceptions e on e.set_name = s.set_name order by s.set_name, e.date`

const takeVersion = `
insert into calendar_sets (set_name, known_until, version) values ($1, $2, 1)
on conflict (set_name) do update set known_until = excluded.known_until, version = calendar_sets.version + 1
where calendar_sets.version = $3 returning version`

const putDays = `
insert into calendar_exceptions (set_name, date, kind, like_weekday, hours, name, source, imported_at, imported_by)
select $1, x.date, x.kind, x.like_weekday, x.hours, x.name, $3, $4, $5
from jsonb_to_recordset($2::jsonb) as x(date date, kind text, like_weekday text, hours jsonb, name text)
on conflict (set_name, date) do update set kind = excluded.kind, like_weekday = excluded.like_weekday,
  hours = excluded.hours, name = excluded.name, source = excluded.source, imported_at = excluded.imported_at,
  imported_by = excluded.imported_by`

interface DayRow {
  readonly date: string
  readonly kind: DayRule['kind']
  readonly like_weekday: Weekday | null
  readonly hours: readonly Span[] | null
  readonly name: string | null
  readonly source: string
  readonly imported_at: Date
  readonly imported_by: string
}

interface SetRow extends Row {
  readonly set_name: string
  readonly known_until: string | null
  readonly version: number
}

/** A set without days, or one of its days. */
type ListedRow = SetRow & (DayRow | { readonly date: null })

const ruleOf = ({ kind, like_weekday: like, hours }: DayRow): DayRule => {
  switch (kind) {
    case 'workday':
      return like === null ? { kind } : { kind, like }
    case 'hours':
      return { kind, spans: hours ?? [] }
    case 'closed':
    case 'ordinary':
      return { kind }
    default:
      return kind satisfies never
  }
}

const toDay = (row: DayRow): ImportedDay => ({
  date: row.date,
  rule: ruleOf(row),
  ...(row.name === null ? {} : { name: row.name }),
  source: row.source,
  importedAt: row.imported_at,
  importedBy: row.imported_by,
})

const toSets = (rows: readonly ListedRow[]): readonly ImportedSet[] => {
  const sets = new Map<string, ImportedSet & { readonly days: ImportedDay[] }>()
  for (const row of rows) {
    const { set_name: set, known_until: knownUntil, version } = row
    const found = sets.get(set) ?? { set, version, ...(knownUntil === null ? {} : { knownUntil }), days: [] }
    sets.set(set, found)
    if (row.date !== null) found.days.push(toDay(row))
  }
  return [...sets.values()]
}

const toDayRow = (date: string, rule: DayRule, name: string | undefined) => ({
  date,
  kind: rule.kind,
  ...(rule.kind === 'workday' ? { like_weekday: rule.like } : {}),
  ...(rule.kind === 'hours' ? { hours: rule.spans } : {}),
  name,
})

/** The imported holidays of one database. */
export const createHolidayStore = (database: Database): HolidayStore => ({
  list: async () => toSets(await database.query<ListedRow>(list)),
  apply: ({ set, version, days, knownUntil, source, importedAt, importedBy }) =>
    database.transaction(async (query) => {
      // First of all: it holds the set against others until the end of the transaction.
      const taken = await query(takeVersion, [set, knownUntil ?? null, version])
      if (taken.length === 0)
        throw new TongdaError(
          'conflict',
          `别人刚导入过 ${set}，请再看一遍再导入 somebody else has just imported into ${set}; run the import again`,
          { set },
        )
      const rows = days.map(({ date, rule, name }) => toDayRow(date, rule, name))
      await query(putDays, [set, toJson(rows), source, importedAt, importedBy])
      await recordAudit(query, {
        act: 'calendar.imported',
        object: { kind: 'calendar', id: set },
        detail: { days: rows.length, by: importedBy },
      })
    }),
})
