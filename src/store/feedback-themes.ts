import type { Board, BoardChange } from '../core/feedback.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  FeedbackWrite,
  PublicWording,
  SuggestionTheme,
  ThemeAct,
  ThemeFilter,
  ThemePlace,
  ThemeStatus,
  ThemeStore,
} from '../core/suggestions.ts'
import { toldStatuses } from '../core/suggestions.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, type Database, type Query, type Row } from './database.ts'
import { addThemeLine, findThemeLine, readThemeLines } from './feedback-history.ts'
import { lockThemes, noTheme } from './feedback-rows.ts'
import { loadBoard, keepBoard } from './meaning-board.ts'
import { suggestionTables } from './meaning-tables.ts'
import { trendOf, trendWeeks } from './trend.ts'
import { validate } from 'uuid'

const mostExamples = 5

/** A theme `t` with what is in it. `$1` is the present. */
const themeFields = `t.id, t.name, t.label, t.words, t.status, t.status_at, t.wording_zh, t.wording_en, t.is_held,
  t.merged_into, t.ended_at, t.count, t.created_at, t.updated_at, t.version, n.contacts, n.first_at, n.last_at,
  coalesce(ch.channels, '[]') as channels, coalesce(w.weeks, '{}') as weeks, coalesce(x.examples, '[]') as examples`

const themeJoins = `
left join lateral (
  select count(distinct coalesce(c.contact_id, i.contact_id))::int as contacts, min(i.said_at) as first_at,
    max(i.said_at) as last_at
  from feedback_items i left join conversations c on c.id = i.conversation_id
  where i.theme_id = t.id and i.discarded_at is null
) n on true
left join lateral (
  select jsonb_agg(jsonb_build_object('channel', channel, 'count', n) order by n desc, channel) as channels from (
    select coalesce(i.channel, 'api') as channel, count(*)::int as n from feedback_items i
    where i.theme_id = t.id and i.discarded_at is null group by 1) s
) ch on true
left join lateral (
  select jsonb_object_agg(week, n) as weeks from (
    select floor(extract(epoch from ($1::timestamptz - i.said_at)) / 604800)::int as week, count(*)::int as n
    from feedback_items i where i.theme_id = t.id and i.discarded_at is null and i.said_at <= $1
      and i.said_at > $1::timestamptz - interval '${String(trendWeeks)} weeks' group by 1) s
) w on true
left join lateral (
  select jsonb_agg(sentence order by said_at desc) as examples from (
    select sentence, max(i.said_at) as said_at from feedback_items i
    where i.theme_id = t.id and i.discarded_at is null and i.sentence <> '' group by sentence
    order by max(i.said_at) desc limit ${String(mostExamples)}) s
) x on true`

const listThemes = `
select ${themeFields} from (
  select * from feedback_themes t where t.ended_at is null
    and ($2::text[] is null or t.status = any($2))
    and ($3::text is null or strpos(lower(concat_ws(' ', t.name, t.label, array_to_string(t.words, ' '))), lower($3)) > 0)
    and ($4::int is null or (t.count, t.id) < ($4, $5::uuid))
  order by t.count desc, t.id desc limit $6
) t ${themeJoins} order by t.count desc, t.id desc`

const getTheme = `select ${themeFields} from feedback_themes t ${themeJoins} where t.id = $2`

interface ThemeRow extends Row {
  readonly id: string
  readonly name: string | null
  readonly label: string
  readonly words: readonly string[]
  readonly status: ThemeStatus
  readonly status_at: Date | null
  readonly wording_zh: string | null
  readonly wording_en: string | null
  readonly is_held: boolean
  readonly merged_into: string | null
  readonly ended_at: Date | null
  readonly count: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
  readonly contacts: number
  readonly first_at: Date | null
  readonly last_at: Date | null
  readonly channels: SuggestionTheme['channels']
  readonly weeks: Readonly<Record<string, number>>
  readonly examples: readonly string[]
}

const wordingOf = ({ wording_zh: zh, wording_en: en }: ThemeRow): { readonly wording?: PublicWording } =>
  zh === null ? {} : { wording: { zh, ...(en === null ? {} : { en }) } }

const toTheme = (row: ThemeRow): SuggestionTheme => ({
  id: row.id,
  label: row.name ?? row.label,
  labelledBy: row.name === null ? 'machine' : 'person',
  words: row.words,
  status: row.status,
  ...(row.status_at === null ? {} : { statusAt: row.status_at }),
  ...wordingOf(row),
  count: row.count,
  contacts: row.contacts,
  channels: row.channels,
  trend: trendOf(row.weeks),
  examples: row.examples,
  isHeld: row.is_held,
  ...(row.first_at === null ? {} : { firstAt: row.first_at }),
  ...(row.last_at === null ? {} : { lastAt: row.last_at }),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...(row.merged_into === null ? {} : { mergedInto: row.merged_into }),
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  version: row.version,
})

const findTheme = async (query: Query, id: string, now: Date): Promise<SuggestionTheme> => {
  const [row] = validate(id) ? await query<ThemeRow>(getTheme, [now, id]) : []
  if (row === undefined) throw noTheme()
  return toTheme(row)
}

const ended = ({ id, mergedInto }: SuggestionTheme): TongdaError =>
  new TongdaError(
    'conflict',
    mergedInto === undefined
      ? 'nothing is in this theme any more; choose another'
      : `this theme goes on as ${mergedInto}; change that one`,
    { id, ...(mergedInto === undefined ? {} : { mergedInto }) },
  )

/** What a person decides on the board of the themes at hand. */
export type DecideAct = (board: Board, themeId: string, act: ThemeAct) => BoardChange

/** The theme that came of an act: of a split the new one. */
const resultOf = (id: string, { act }: ThemeAct, change: BoardChange): string =>
  act === 'split' ? (change.themes.find((theme) => theme.id !== id)?.id ?? id) : id

/** What the history says: the act, and what it was done with. */
const detailOf = (act: ThemeAct, result: string): Readonly<Record<string, unknown>> => {
  switch (act.act) {
    case 'rename':
      return { name: act.name }
    case 'pin':
      return {}
    case 'merge':
      return { from: act.from }
    case 'split':
      return { into: result, suggestions: act.itemIds.length }
    default:
      return act satisfies never
  }
}

/** Lines of the other theme that takes part. */
const tellOther = async (
  query: Query,
  act: ThemeAct,
  { id, result, write, now }: { id: string; result: string; write: FeedbackWrite; now: Date },
): Promise<void> => {
  const { actor } = write
  if (act.act === 'merge')
    await addThemeLine(query, { themeId: act.from, actor, change: 'merged', detail: { into: id } }, now)
  if (act.act === 'split')
    await addThemeLine(query, { themeId: result, actor, change: 'split-off', detail: { from: id } }, now)
}

const applyAct = async (
  query: Query,
  { id, act, write, now }: { id: string; act: ThemeAct; write: FeedbackWrite; now: Date },
  decide: DecideAct,
): Promise<SuggestionTheme> => {
  await lockThemes(query)
  const before = await findTheme(query, id, now)
  const done = await findThemeLine(query, id, write.idempotencyKey)
  if (done !== undefined) return findTheme(query, typeof done.into === 'string' ? done.into : id, now)
  checkVersion(before.version, write.version)
  if (before.endedAt !== undefined) throw ended(before)
  if (act.act === 'merge') {
    const other = await findTheme(query, act.from, now)
    if (other.endedAt !== undefined) throw ended(other)
  }
  const board = await loadBoard(query, suggestionTables, act.act === 'merge' ? [id, act.from] : [id])
  const change = decide(board, id, act)
  const result = resultOf(id, act, change)
  const mergedInto = act.act === 'merge' ? id : undefined
  await keepBoard(query, suggestionTables, change, {
    now,
    ...(mergedInto === undefined ? {} : { mergedInto }),
  })
  const line = { themeId: id, actor: write.actor, detail: detailOf(act, result) }
  await addThemeLine(query, { ...line, change: act.act, idempotencyKey: write.idempotencyKey }, now)
  await tellOther(query, act, { id, result, write, now })
  return findTheme(query, result, now)
}

const setStatus = `
update feedback_themes set status = $2, status_at = $5, wording_zh = $3, wording_en = $4, is_held = true,
  round = round + case when $6::boolean then 1 else 0 end, updated_at = $5, version = version + 1
where id = $1`

const applyStatus = async (
  query: Query,
  id: string,
  {
    status,
    wording,
    write,
    now,
  }: Parameters<ThemeStore['setStatus']>[1] & { write: FeedbackWrite; now: Date },
): Promise<SuggestionTheme> => {
  await lockThemes(query)
  const before = await findTheme(query, id, now)
  if ((await findThemeLine(query, id, write.idempotencyKey)) !== undefined) return before
  checkVersion(before.version, write.version)
  if (before.endedAt !== undefined) throw ended(before)
  const isTold = toldStatuses.includes(status)
  if (isTold && wording === undefined)
    throw new TongdaError(
      'bad_input',
      'say in public words what became of it (wording.zh): those who asked are told',
    )
  await query(setStatus, [id, status, wording?.zh, wording?.en, now, isTold])
  const detail = { from: before.status, to: status, ...(wording === undefined ? {} : { wording }) }
  await addThemeLine(
    query,
    { themeId: id, actor: write.actor, change: 'status', detail, idempotencyKey: write.idempotencyKey },
    now,
  )
  return findTheme(query, id, now)
}

const listValues = ({ statuses, text }: ThemeFilter, after: ThemePlace | undefined): readonly unknown[] => [
  statuses,
  text,
  after?.count,
  after?.id,
]

/** Themes on one database. `decide` says what an act of a person changes. */
export const createThemeStore = (database: Database, decide: DecideAct): ThemeStore => {
  const { query } = database
  return {
    list: async (filter, { after, limit }, now) =>
      (await query<ThemeRow>(listThemes, [now, ...listValues(filter, after), limit])).map(toTheme),
    get: (id, now) => findTheme(query, id, now),
    history: (id) => (validate(id) ? readThemeLines(query, id) : Promise.resolve([])),
    act: (id, act, write, now) =>
      retryCollisions(() =>
        database.transaction((inner) => applyAct(inner, { id, act, write, now }, decide)),
      ),
    setStatus: (id, change, write, now) =>
      retryCollisions(() =>
        database.transaction((inner) => applyStatus(inner, id, { ...change, write, now })),
      ),
  }
}
