import { validate } from 'uuid'
import type { KeptList, Macro, MacroFacts, Rule, RuleFacts, RuleList } from '../core/automation.ts'
import { TongdaError } from '../core/errors.ts'
import type { EventPlace } from '../core/event-log.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { moveReader, placeOf } from './event-readers.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'

/** A table of entries that people write. `values` are the columns' own, in their order. */
interface Shape<Facts, Kept> {
  readonly table: 'macros' | 'ticket_rules'
  readonly what: 'macro' | 'rule'
  readonly columns: readonly string[]
  /** Columns of `jsonb`. */
  readonly json: readonly string[]
  readonly order: string
  readonly valuesOf: (facts: Facts) => readonly unknown[]
  readonly read: (row: Row) => Kept
}

const placeholder = (
  { json }: Pick<Shape<unknown, unknown>, 'json'>,
  column: string,
  place: number,
): string => `$${String(place)}${json.includes(column) ? '::jsonb' : ''}`

const createKeptList = <Facts, Kept extends Facts>(
  database: Database,
  shape: Shape<Facts, Kept>,
): KeptList<Facts, Kept> => {
  const { query } = database
  const { table, what, columns, order, valuesOf, read } = shape
  const unknown = (): TongdaError =>
    new TongdaError('not_found', `there is no such ${what}; it may have been removed`)
  const checkId = (id: string): string => {
    if (!validate(id)) throw unknown()
    return id
  }
  const findRow = async (id: string): Promise<Row> => {
    const [row] = await query(`select * from ${table} where id = $1`, [checkId(id)])
    if (row === undefined) throw unknown()
    return row
  }
  const places = columns.map((column, at) => placeholder(shape, column, at + 3))
  const insert = `insert into ${table} as t (id, created_at, updated_at, ${columns.join(', ')})
    values ($1, $2, $2, ${places.join(', ')}) on conflict (id) do update set version = t.version returning *`
  const update = `update ${table} set updated_at = $2, version = version + 1,
    ${columns.map((column, at) => `${column} = ${placeholder(shape, column, at + 4)}`).join(', ')}
    where id = $1 and version = $3 returning *`
  return {
    list: async () => (await query(`select * from ${table} order by ${order}`)).map(read),
    get: async (id) => read(await findRow(id)),
    create: (facts, now, idempotencyKey) =>
      database.transaction(async (within) => {
        const id = keyedId(idempotencyKey)
        const [row] = await within(insert, [id, now, ...valuesOf(facts)])
        if (row === undefined) throw new Error(`the ${what} was not stored`)
        await recordAudit(within, { act: `${what}.created`, object: { kind: what, id } })
        return read(row)
      }),
    change: async (id, facts, expectedVersion, now) => {
      const row = await database.transaction(async (within) => {
        const [changed] = await within(update, [checkId(id), now, expectedVersion, ...valuesOf(facts)])
        if (changed !== undefined)
          await recordAudit(within, { act: `${what}.changed`, object: { kind: what, id } })
        return changed
      })
      if (row !== undefined) return read(row)
      const { version } = await findRow(id)
      throw new TongdaError(
        'conflict',
        `the ${what} was changed meanwhile; look at what is new, then try again`,
        {
          version,
          yours: expectedVersion,
        },
      )
    },
    remove: (id) =>
      database.transaction(async (within) => {
        const gone = await within(`delete from ${table} where id = $1 returning id`, [checkId(id)])
        if (gone.length === 0) throw unknown()
        await recordAudit(within, { act: `${what}.removed`, object: { kind: what, id } })
      }),
  }
}

interface MacroRow extends Row {
  readonly id: string
  readonly name_zh: string
  readonly name_en: string
  readonly actions: Macro['actions']
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

const toMacro = (row: MacroRow): Macro => ({
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  actions: row.actions,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

/** The macros of one database. */
export const createMacroList = (database: Database): KeptList<MacroFacts, Macro> =>
  createKeptList<MacroFacts, Macro>(database, {
    table: 'macros',
    what: 'macro',
    columns: ['name_zh', 'name_en', 'actions'],
    json: ['actions'],
    order: 'name_zh, id',
    valuesOf: ({ name, actions }) => [name.zh, name.en, toJson(actions)],
    read: (row) => toMacro(row as MacroRow),
  })

interface RuleRow extends Row {
  readonly id: string
  readonly name: string
  readonly reacts_to: Rule['on']
  readonly conditions: Rule['when']
  readonly actions: Rule['actions']
  readonly enabled: boolean
  readonly position: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
  readonly failed_at: Date | null
  readonly failure: string | null
}

const toRule = (row: RuleRow): Rule => ({
  id: row.id,
  name: row.name,
  on: row.reacts_to,
  when: row.conditions,
  actions: row.actions,
  enabled: row.enabled,
  position: row.position,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
  ...(row.failed_at === null ? {} : { failure: { at: row.failed_at, message: row.failure ?? '' } }),
})

const keepFailure = 'update ticket_rules set failed_at = $2, failure = $3 where id = $1'

/** The rules of one database. */
export const createRuleList = (database: Database): RuleList => ({
  ...createKeptList<RuleFacts, Rule>(database, {
    table: 'ticket_rules',
    what: 'rule',
    columns: ['name', 'reacts_to', 'conditions', 'actions', 'enabled', 'position'],
    json: ['conditions', 'actions'],
    order: 'position, created_at, id',
    valuesOf: ({ name, on, when, actions, enabled, position }) => [
      ...[name, [...on], toJson(when), toJson(actions), enabled, position],
    ],
    read: (row) => toRule(row as RuleRow),
  }),
  failed: async (id, { at, message }) => {
    await database.query(keepFailure, [id, at, message.slice(0, 500)])
  },
})

const reader = 'ticket-rules'

const countInARow = `
select count(*)::int as count from ticket_timeline h
where h.ticket_id = $1 and h.detail ? 'ruleId' and h.id > coalesce((
  select max(o.id) from ticket_timeline o where o.ticket_id = $1 and not o.detail ? 'ruleId'), 0)`

const listChanged = 'select id from tickets where updated_at >= $1 order by updated_at desc, id limit $2'

/** What running and trying rules reads, on one database. */
export const createRuleReading = ({ query }: { readonly query: Query }) => ({
  place: (): Promise<EventPlace | undefined> => placeOf(query, reader),
  move: (before: EventPlace, after: EventPlace): Promise<boolean> =>
    moveReader(query, reader, { before, after }),
  inARow: async (ticketId: string): Promise<number> =>
    (await query<{ count: number }>(countInARow, [ticketId]))[0]?.count ?? 0,
  changedSince: async (since: Date, limit: number): Promise<readonly string[]> =>
    (await query<{ id: string }>(listChanged, [since, limit])).map(({ id }) => id),
})
