import type { Board, BoardChange, PlacedItem, Theme } from '../core/feedback.ts'
import { toJson, type Query, type Row } from './database.ts'
import { recountGroups, type MeaningTables } from './meaning-tables.ts'

const statementsOn = ({ items, groups }: MeaningTables) => ({
  readThemes: `select id, name, is_held, count from ${groups} where id = any($1::uuid[])`,
  readItems: `
select id, sentence as text, theme_id, is_fixed from ${items}
where theme_id = any($1::uuid[]) and discarded_at is null order by said_at, id`,
  /** Groups and memberships as a person left them; only what differs counts as changed. */
  writeThemes: `
insert into ${groups} (id, name, label, words, is_held, created_at, updated_at)
select x.id, x.name, x.label, '{}', x.is_held, $2, $2
from jsonb_to_recordset($1::jsonb) as x(id uuid, name text, label text, is_held boolean)
on conflict (id) do update set name = excluded.name, is_held = excluded.is_held`,
  writeItems: `
update ${items} i set theme_id = x.theme_id, is_fixed = x.is_fixed, version = i.version + 1,
  placed_by = case when x.is_fixed then 'person' else i.placed_by end
from jsonb_to_recordset($1::jsonb) as x(id uuid, theme_id uuid, is_fixed boolean)
where i.id = x.id and (i.theme_id, i.is_fixed) is distinct from (x.theme_id, x.is_fixed)`,
  endThemes: `
update ${groups} set ended_at = $2, updated_at = $2, merged_into = $3, count = 0, version = version + 1
where id = any($1::uuid[])`,
})

interface ThemeRow extends Row {
  readonly id: string
  readonly name: string | null
  readonly is_held: boolean
  readonly count: number
}

interface ItemRow extends Row {
  readonly id: string
  readonly text: string
  readonly theme_id: string
  readonly is_fixed: boolean
}

const nothing = new Float32Array(0)

const toTheme = ({ id, name, is_held: isHeld, count }: ThemeRow): Theme => ({
  ...{ id, count, isHeld, sum: nothing },
  ...(name === null ? {} : { name }),
})

const toItem = ({ id, text, theme_id: themeId, is_fixed: isFixed }: ItemRow): PlacedItem => ({
  ...{ id, text, themeId, isFixed, vector: nothing },
})

/** Groups with what is in them, without vectors: all that people's acts need. */
export const loadBoard = async (
  query: Query,
  tables: MeaningTables,
  ids: readonly string[],
): Promise<Board> => {
  const { readThemes, readItems } = statementsOn(tables)
  return {
    themes: (await query<ThemeRow>(readThemes, [ids])).map(toTheme),
    items: (await query<ItemRow>(readItems, [ids])).map(toItem),
  }
}

/** Keeps what a person changed; sums are made anew later. */
export const keepBoard = async (
  query: Query,
  tables: MeaningTables,
  { themes, items, ended }: BoardChange,
  { now, mergedInto }: { readonly now: Date; readonly mergedInto?: string },
): Promise<void> => {
  const { writeThemes, writeItems, endThemes } = statementsOn(tables)
  const firsts = new Map(items.toReversed().map(({ themeId, text }) => [themeId, text]))
  const rows = themes.map(({ id, name, isHeld }) => ({
    ...{ id, name, is_held: isHeld },
    label: firsts.get(id) ?? name ?? '',
  }))
  await query(writeThemes, [toJson(rows), now])
  const placed = items.map(({ id, themeId, isFixed }) => ({ id, theme_id: themeId, is_fixed: isFixed }))
  await query(writeItems, [toJson(placed)])
  await recountGroups(
    query,
    tables,
    themes.map(({ id }) => id),
    now,
  )
  if (ended.length > 0) await query(endThemes, [ended, now, mergedInto])
}
