import type { Board, BoardChange, FeedbackItem, PlacedItem, Theme } from '../core/feedback.ts'
import type { RefinedThemes, ThemeMaking } from '../core/suggestions.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import {
  lockGroups,
  packed,
  packVector,
  recountGroups,
  unpackVector,
  type MeaningTables,
} from './meaning-tables.ts'

/** Themes whose sums are made anew in one transaction. */
const sumsAtOnce = 100

const statementsOn = ({ items, groups }: MeaningTables) => ({
  staleThemes: `
select id from ${groups} where ended_at is null and (sum is null or sum_space is distinct from $1)
order by id limit ${String(sumsAtOnce)}`,
  vectorsOfThemes: `
select theme_id, ${packed('vector')} as vector from ${items}
where theme_id = any($1::uuid[]) and discarded_at is null and space_id = $2`,
  /** A theme whose count another vector is still missing of is summed up over what there is. */
  keepSums: `
update ${groups} t set sum = decode(x.sum, 'base64'), sum_space = $1,
  count = (select count(*) from ${items} i where i.theme_id = t.id and i.discarded_at is null)
from jsonb_to_recordset($2::jsonb) as x(id uuid, sum text) where t.id = x.id`,
  /** Every writing of a row leaves another mark. */
  liveMarks: `
select id, xmin::text || ctid::text as mark from ${groups}
where ended_at is null and sum is not null and sum_space = $1 order by id`,
  readThemes: `
select id, name, is_held, count, ${packed('sum')} as sum from ${groups} where id = any($1::uuid[]) and sum is not null`,
  looseItems: `
select id, sentence as text, ${packed('vector')} as vector from ${items}
where theme_id is null and discarded_at is null and space_id = $1 order by id limit $2`,
  openThemes: `
insert into ${groups} (id, label, words, count, sum, sum_space, created_at, updated_at)
select x.id, x.label, '{}', x.count, decode(x.sum, 'base64'), $2, $3, $3
from jsonb_to_recordset($1::jsonb) as x(id uuid, label text, count int, sum text)
on conflict (id) do update set count = excluded.count, sum = excluded.sum, updated_at = excluded.updated_at`,
  placeItems: `
update ${items} i set theme_id = x.theme_id, placed_by = 'machine', version = i.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, theme_id uuid) where i.id = x.id`,
  placedItems: `
select i.id, i.sentence as text, i.theme_id, i.is_fixed, ${packed('i.vector')} as vector from ${items} i
join ${groups} t on t.id = i.theme_id and t.ended_at is null and t.sum_space = $1
where i.discarded_at is null and i.space_id = $1 and i.sentence <> '' order by i.said_at desc, i.id desc limit $2`,
  /** What a person put somewhere meanwhile is not where it was, or is fixed there. */
  moveItems: `
update ${items} i set theme_id = x.target, placed_by = 'machine', version = i.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, origin uuid, target uuid)
join ${groups} t on t.id = x.target and t.ended_at is null
where i.id = x.id and i.theme_id = x.origin and not i.is_fixed and i.discarded_at is null returning i.id`,
  endThemes: `
update ${groups} t set ended_at = $2, updated_at = $2, merged_into = x.target, count = 0, version = t.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, target uuid)
where t.id = x.id and t.ended_at is null and not t.is_held
  and not exists (select from ${items} i where i.theme_id = t.id and i.discarded_at is null)
returning t.id, t.merged_into`,
  /** Of which the last suggestion was discarded. */
  endEmpty: `
update ${groups} t set ended_at = $1, updated_at = $1, count = 0, version = t.version + 1
where t.ended_at is null and not t.is_held
  and not exists (select from ${items} i where i.theme_id = t.id and i.discarded_at is null)`,
  labelThemes: `
update ${groups} t set label = x.label, words = array(select jsonb_array_elements_text(x.words))
from jsonb_to_recordset($1::jsonb) as x(id uuid, label text, words jsonb) where t.id = x.id and t.ended_at is null`,
})
type Statements = ReturnType<typeof statementsOn>

interface ThemeRow extends Row {
  readonly id: string
  readonly name: string | null
  readonly is_held: boolean
  readonly count: number
  readonly sum: string
}

const toTheme = ({ id, name, is_held: isHeld, count, sum }: ThemeRow): Theme => ({
  id,
  count,
  sum: unpackVector(sum),
  isHeld,
  ...(name === null ? {} : { name }),
})

interface MarkRow extends Row {
  readonly id: string
  readonly mark: string
}

/** Reads groups with their sums; those that nobody wrote since they were last read are known. */
type ReadThemes = (query: Query, spaceId: string) => Promise<readonly Theme[]>

const createReadThemes = ({ liveMarks, readThemes }: Statements): ReadThemes => {
  let known: ReadonlyMap<string, { readonly mark: string; readonly theme: Theme }> = new Map()
  return async (query, spaceId) => {
    const marks = await query<MarkRow>(liveMarks, [spaceId])
    const changed = marks.filter(({ id, mark }) => known.get(id)?.mark !== mark).map(({ id }) => id)
    const rows = changed.length === 0 ? [] : await query<ThemeRow>(readThemes, [changed])
    const read = new Map(rows.map((row) => [row.id, toTheme(row)]))
    known = new Map(
      marks.flatMap(({ id, mark }) => {
        const theme = read.get(id) ?? (known.get(id)?.mark === mark ? known.get(id)?.theme : undefined)
        return theme === undefined ? [] : [[id, { mark, theme }] as const]
      }),
    )
    return [...known.values()].map(({ theme }) => theme)
  }
}

interface VectorRow extends Row {
  readonly theme_id: string
  readonly vector: string
}

/** Some at a time; true: there may be more. */
const renewSums = async (
  query: Query,
  { staleThemes, vectorsOfThemes, keepSums }: Statements,
  { id: spaceId, dimensions }: { readonly id: string; readonly dimensions: number },
): Promise<boolean> => {
  const ids = (await query<{ id: string }>(staleThemes, [spaceId])).map(({ id }) => id)
  if (ids.length === 0) return false
  const sums = new Map(ids.map((id) => [id, new Float32Array(dimensions)]))
  for (const { theme_id: id, vector } of await query<VectorRow>(vectorsOfThemes, [ids, spaceId])) {
    const sum = sums.get(id)
    const own = unpackVector(vector)
    if (sum !== undefined) for (let at = 0; at < dimensions; at++) sum[at] = (sum[at] ?? 0) + (own[at] ?? 0)
  }
  const rows = [...sums].map(([id, sum]) => ({ id, sum: packVector(sum) }))
  await query(keepSums, [spaceId, toJson(rows)])
  return ids.length === sumsAtOnce
}

interface LooseRow extends Row {
  readonly id: string
  readonly text: string
  readonly vector: string
}

const keepPlaced = async (
  query: Query,
  { openThemes, placeItems }: Statements,
  { themes, items }: BoardChange,
  { spaceId, now }: { readonly spaceId: string; readonly now: Date },
): Promise<void> => {
  // A theme that is new is called by its first sentence until it is refined.
  const firsts = new Map(items.toReversed().map(({ themeId, text }) => [themeId, text]))
  const rows = themes.map(({ id, count, sum }) => ({
    ...{ id, count, sum: packVector(sum) },
    label: firsts.get(id) ?? '',
  }))
  await query(openThemes, [toJson(rows), spaceId, now])
  await query(placeItems, [toJson(items.map(({ id, themeId }) => ({ id, theme_id: themeId })))])
}

/** Tells that a group ended of which a refinement left nothing; `into`: where most of it went. */
export type TellEnded = (query: Query, id: string, into: string | undefined, now: Date) => Promise<void>

interface Making {
  readonly tables: MeaningTables
  readonly statements: Statements
  readonly tellEnded: TellEnded
  readonly readThemes: ReadThemes
}

const refine = async (
  query: Query,
  { moves, opened, ended, labels }: RefinedThemes,
  { making: { tables, statements, tellEnded }, now }: { readonly making: Making; readonly now: Date },
) => {
  const { openThemes, moveItems, endThemes, endEmpty, labelThemes } = statements
  await lockGroups(query, tables)
  const sentences = new Map(labels.map(({ themeId, sentence }) => [themeId, sentence]))
  const fresh = opened.map((id) => ({ id, label: sentences.get(id) ?? '', count: 0 }))
  await query(openThemes, [toJson(fresh), null, now])
  const rows = moves.map(({ itemId, from, to }) => ({ id: itemId, origin: from, target: to }))
  const moved = await query(moveItems, [toJson(rows)])
  const touched = new Set(moves.flatMap(({ from, to }) => [from, to]))
  await recountGroups(query, tables, [...touched], now)
  // A new one into which nothing went, because people were faster, ends like an old one of which nothing is left.
  const over = [...ended.map(({ id, into }) => ({ id, target: into })), ...opened.map((id) => ({ id }))]
  const gone = await query<{ id: string; merged_into: string | null }>(endThemes, [toJson(over), now])
  for (const { id, merged_into: into } of gone)
    if (!opened.includes(id)) await tellEnded(query, id, into ?? undefined, now)
  await query(endEmpty, [now])
  const names = labels.map(({ themeId, sentence, words }) => ({ id: themeId, label: sentence, words }))
  await query(labelThemes, [toJson(names)])
  return { moved: moved.length, ended: gone.length }
}

interface PlacedRow extends LooseRow {
  readonly theme_id: string
  readonly is_fixed: boolean
}

const toPlaced = ({ id, text, vector, theme_id: themeId, is_fixed: isFixed }: PlacedRow): PlacedItem => ({
  ...{ id, text, themeId, isFixed },
  vector: unpackVector(vector),
})

const place = async (
  query: Query,
  { tables, statements, readThemes }: Making,
  {
    space,
    limit,
    decide,
    now,
  }: {
    readonly space: { readonly id: string; readonly dimensions: number }
    readonly limit: number
    readonly decide: (board: Board, fresh: readonly FeedbackItem[]) => BoardChange
    readonly now: Date
  },
): Promise<number> => {
  await lockGroups(query, tables)
  const loose = await query<LooseRow>(statements.looseItems, [space.id, limit])
  if (loose.length === 0) return 0
  // A group that people changed at this moment would be passed over, and begun once more.
  while (await renewSums(query, statements, space));
  const fresh = loose.map(({ id, text, vector }): FeedbackItem => ({
    id,
    text,
    vector: unpackVector(vector),
  }))
  const themes = await readThemes(query, space.id)
  await keepPlaced(query, statements, decide({ themes, items: [] }, fresh), { spaceId: space.id, now })
  return fresh.length
}

/** What the machine makes of items that mean the same, on one database. */
export const createMeaningMaking = (
  database: Database,
  tables: MeaningTables,
  tellEnded: TellEnded,
): ThemeMaking => {
  const statements = statementsOn(tables)
  const readThemes = createReadThemes(statements)
  const making: Making = { tables, statements, tellEnded, readThemes }
  const change = <Result>(work: (query: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    renewSums: (id, dimensions) =>
      change(async (query) => {
        await lockGroups(query, tables)
        return renewSums(query, statements, { id, dimensions })
      }),
    place: (space, limit, decide, now) =>
      change((query) => place(query, making, { space, limit, decide, now })),
    snapshot: async (spaceId, limit): Promise<Board> => {
      const items = (await database.query<PlacedRow>(statements.placedItems, [spaceId, limit])).map(toPlaced)
      const present = new Set(items.map(({ themeId }) => themeId))
      const themes = await readThemes(database.query, spaceId)
      // Held groups that are empty stay with the store: there is nothing to refine in them.
      return { themes: themes.filter(({ id }) => present.has(id)), items }
    },
    refine: (refined, now) => change((query) => refine(query, refined, { making, now })),
  }
}
