import type { FeedbackActor, ThemeEntry } from '../core/suggestions.ts'
import { toJson, type Query, type Row } from './database.ts'
import { actorColumns } from './feedback-rows.ts'
import { recordEvents } from './record-event.ts'

const addLine = `
insert into feedback_history (theme_id, at, actor, actor_id, actor_name, change, detail, idempotency_key)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)`

/** A line to be added. */
export interface ThemeLine {
  readonly themeId: string
  readonly actor: FeedbackActor
  readonly change: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly idempotencyKey?: string | undefined
}

/** Adds a line to a theme's history, and tells programs outside of it. */
export const addThemeLine = async (query: Query, line: ThemeLine, now: Date): Promise<void> => {
  const { themeId, actor, change, detail, idempotencyKey } = line
  await query(addLine, [themeId, now, ...actorColumns(actor), change, toJson(detail), idempotencyKey])
  const data = { themeId, change, actor: actor.kind, ...detail }
  await recordEvents(query, [{ type: 'feedback.theme-changed', at: now, data }])
}

/** The theme of which a change with this key was noted down before, with what it gave. */
export const findThemeLine = async (
  query: Query,
  themeId: string,
  idempotencyKey: string | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  if (idempotencyKey === undefined) return undefined
  const [row] = await query<{ detail: Readonly<Record<string, unknown>> }>(
    'select detail from feedback_history where theme_id = $1 and idempotency_key = $2',
    [themeId, idempotencyKey],
  )
  return row?.detail
}

interface LineRow extends Row {
  readonly id: string | number
  readonly at: Date
  readonly actor: FeedbackActor['kind']
  readonly actor_id: string | null
  readonly actor_name: string | null
  readonly change: string
  readonly detail: ThemeEntry['detail']
}

const actorOf = ({ actor, actor_id: id, actor_name: name }: LineRow): FeedbackActor =>
  actor === 'system' ? { kind: 'system' } : { kind: actor, id: id ?? '', name: name ?? '' }

/** Reads a theme's history, the oldest line first. */
export const readThemeLines = async (query: Query, themeId: string): Promise<readonly ThemeEntry[]> => {
  const rows = await query<LineRow>(
    'select id, at, actor, actor_id, actor_name, change, detail from feedback_history where theme_id = $1 order by id',
    [themeId],
  )
  return rows.map((row) => ({
    id: Number(row.id),
    at: row.at,
    actor: actorOf(row),
    change: row.change,
    detail: row.detail,
  }))
}
