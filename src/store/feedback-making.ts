import type { Board, BoardChange, FeedbackItem, PlacedItem, Theme } from '../core/feedback.ts'
import type { RefinedThemes, ThemeMaking } from '../core/suggestions.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { addThemeLine } from './feedback-history.ts'
import { lockThemes, packed, packVector, recountThemes, unpackVector } from './feedback-rows.ts'

/** Themes whose sums are made anew in one transaction. */
const sumsAtOnce = 100

const staleThemes = `
select id from feedback_themes where ended_at is null and (sum is null or sum_space is distinct from $1)
order by id limit ${String(sumsAtOnce)}`

const vectorsOfThemes = `
select theme_id, ${packed('vector')} as vector from feedback_items
where theme_id = any($1::uuid[]) and discarded_at is null and space_id = $2`

/** A theme whose count another vector is still missing of is summed up over what there is. */
const keepSums = `
update feedback_themes t set sum = decode(x.sum, 'base64'), sum_space = $1,
  count = (select count(*) from feedback_items i where i.theme_id = t.id and i.discarded_at is null)
from jsonb_to_recordset($2::jsonb) as x(id uuid, sum text) where t.id = x.id`

const liveThemes = `
select id, name, is_held, count, ${packed('sum')} as sum from feedback_themes
where ended_at is null and sum is not null and sum_space = $1 order by id`

const looseItems = `
select id, sentence as text, ${packed('vector')} as vector from feedback_items
where theme_id is null and discarded_at is null and space_id = $1 order by id limit $2`

const openThemes = `
insert into feedback_themes (id, label, words, count, sum, sum_space, created_at, updated_at)
select x.id, x.label, '{}', x.count, decode(x.sum, 'base64'), $2, $3, $3
from jsonb_to_recordset($1::jsonb) as x(id uuid, label text, count int, sum text)
on conflict (id) do update set count = excluded.count, sum = excluded.sum, updated_at = excluded.updated_at`

const placeItems = `
update feedback_items i set theme_id = x.theme_id, placed_by = 'machine', version = i.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, theme_id uuid) where i.id = x.id`

const placedItems = `
select i.id, i.sentence as text, i.theme_id, i.is_fixed, ${packed('i.vector')} as vector from feedback_items i
join feedback_themes t on t.id = i.theme_id and t.ended_at is null and t.sum_space = $1
where i.discarded_at is null and i.space_id = $1 order by i.said_at desc, i.id desc limit $2`

/** What a person put somewhere meanwhile is not where it was, or is fixed there. */
const moveItems = `
update feedback_items i set theme_id = x.target, placed_by = 'machine', version = i.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, origin uuid, target uuid)
join feedback_themes t on t.id = x.target and t.ended_at is null
where i.id = x.id and i.theme_id = x.origin and not i.is_fixed and i.discarded_at is null returning i.id`

const endThemes = `
update feedback_themes t set ended_at = $2, updated_at = $2, merged_into = x.target, count = 0, version = t.version + 1
from jsonb_to_recordset($1::jsonb) as x(id uuid, target uuid)
where t.id = x.id and t.ended_at is null and not t.is_held
  and not exists (select from feedback_items i where i.theme_id = t.id and i.discarded_at is null)
returning t.id, t.merged_into`

/** Of which the last suggestion was discarded. */
const endEmpty = `
update feedback_themes t set ended_at = $1, updated_at = $1, count = 0, version = t.version + 1
where t.ended_at is null and not t.is_held
  and not exists (select from feedback_items i where i.theme_id = t.id and i.discarded_at is null)`

const labelThemes = `
update feedback_themes t set label = x.label, words = array(select jsonb_array_elements_text(x.words))
from jsonb_to_recordset($1::jsonb) as x(id uuid, label text, words jsonb) where t.id = x.id and t.ended_at is null`

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

interface VectorRow extends Row {
  readonly theme_id: string
  readonly vector: string
}

/** Some at a time; true: there may be more. */
const renewSums = async (query: Query, spaceId: string, dimensions: number): Promise<boolean> => {
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

const refine = async (query: Query, { moves, opened, ended, labels }: RefinedThemes, now: Date) => {
  await lockThemes(query)
  const sentences = new Map(labels.map(({ themeId, sentence }) => [themeId, sentence]))
  const fresh = opened.map((id) => ({ id, label: sentences.get(id) ?? '', count: 0 }))
  await query(openThemes, [toJson(fresh), null, now])
  const rows = moves.map(({ itemId, from, to }) => ({ id: itemId, origin: from, target: to }))
  const moved = await query(moveItems, [toJson(rows)])
  const touched = new Set(moves.flatMap(({ from, to }) => [from, to]))
  await recountThemes(query, [...touched], now)
  // A new one into which nothing went, because people were faster, ends like an old one of which nothing is left.
  const over = [...ended.map(({ id, into }) => ({ id, target: into })), ...opened.map((id) => ({ id }))]
  const gone = await query<{ id: string; merged_into: string | null }>(endThemes, [toJson(over), now])
  for (const { id, merged_into: into } of gone)
    if (!opened.includes(id))
      await addThemeLine(
        query,
        {
          themeId: id,
          actor: { kind: 'system' },
          change: 'ended',
          detail: into === null ? {} : { into },
        },
        now,
      )
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

/** What the machine makes of suggestions, on one database. */
export const createThemeMaking = (database: Database): ThemeMaking => ({
  renewSums: (spaceId, dimensions) =>
    retryCollisions(() =>
      database.transaction(async (query) => {
        await lockThemes(query)
        return renewSums(query, spaceId, dimensions)
      }),
    ),
  place: ({ id: spaceId, dimensions }, limit, decide, now) =>
    retryCollisions(() =>
      database.transaction(async (query) => {
        await lockThemes(query)
        // A theme that people changed at this moment would be passed over, and begun once more.
        while (await renewSums(query, spaceId, dimensions));
        const loose = await query<LooseRow>(looseItems, [spaceId, limit])
        if (loose.length === 0) return 0
        const fresh = loose.map(({ id, text, vector }): FeedbackItem => ({
          id,
          text,
          vector: unpackVector(vector),
        }))
        const themes = (await query<ThemeRow>(liveThemes, [spaceId])).map(toTheme)
        await keepPlaced(query, decide({ themes, items: [] }, fresh), { spaceId, now })
        return fresh.length
      }),
    ),
  snapshot: async (spaceId, limit): Promise<Board> => {
    const items = (await database.query<PlacedRow>(placedItems, [spaceId, limit])).map(toPlaced)
    const present = new Set(items.map(({ themeId }) => themeId))
    const themes = (await database.query<ThemeRow>(liveThemes, [spaceId])).map(toTheme)
    // Held themes that are empty stay with the store: there is nothing to refine in them.
    return { themes: themes.filter(({ id }) => present.has(id)), items }
  },
  refine: (refined, now) =>
    retryCollisions(() => database.transaction((query) => refine(query, refined, now))),
})
