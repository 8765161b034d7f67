import { v7 as uuid, validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Board, BoardChange } from '../core/feedback.ts'
import type {
  FeedbackActor,
  FeedbackWrite,
  NewSuggestion,
  Suggestion,
  SuggestionFilter,
  SuggestionStore,
} from '../core/suggestions.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, type Database, type Query } from './database.ts'
import { addThemeLine } from './feedback-history.ts'
import {
  itemFields,
  itemJoins,
  lockThemes,
  noItem,
  noTheme,
  recountThemes,
  toSuggestion,
  type ItemRow,
} from './feedback-rows.ts'
import { keepBoard, loadBoard } from './meaning-board.ts'
import { suggestionTables } from './meaning-tables.ts'
import { recordEvents } from './record-event.ts'

const listItems = `
select ${itemFields} from feedback_items i ${itemJoins}
where i.discarded_at is null and ($1::uuid is null or i.theme_id = $1) and (not $2::boolean or i.theme_id is null)
  and ($3::uuid is null or coalesce(c.contact_id, i.contact_id) = $3) and ($4::text is null or i.inbox_id = $4)
  and ($5::text is null or i.source = $5) and ($6::timestamptz is null or i.said_at >= $6)
  and ($7::text is null or strpos(lower(i.sentence), lower($7)) > 0)
  and ($8::timestamptz is null or (i.said_at, i.id) < ($8, $9::uuid))
order by i.said_at desc, i.id desc limit $10`

const getItem = `
select ${itemFields} from feedback_items i ${itemJoins} where i.id = $1 and i.discarded_at is null`

const insertItem = `
insert into feedback_items (id, source, conversation_id, contact_id, inbox_id, channel, sentence, language, cues, said_at,
  created_at, idempotency_key)
select $1, 'api', c.id, coalesce(c.contact_id, $3::uuid), c.inbox_id, c.channel, $4, $5, '{}', $6, $7, $8
from (select 1) one left join conversations c on c.id = $2::uuid
on conflict (idempotency_key) do nothing returning id`

const discardItem = `
update feedback_items set discarded_at = $2, sentence = '', vector = null, version = version + 1 where id = $1`

const findItem = async (query: Query, id: string): Promise<Suggestion> => {
  const [row] = validate(id) ? await query<ItemRow>(getItem, [id]) : []
  if (row === undefined) throw noItem()
  return toSuggestion(row)
}

const listValues = (filter: SuggestionFilter): readonly unknown[] => [
  filter.themeId ?? undefined,
  filter.themeId === null,
  filter.contactId,
  filter.inboxId,
  filter.source,
  filter.since,
  filter.text,
]

/** What moving one suggestion changes on the board of both themes. */
export type DecideMove = (board: Board, itemId: string, themeId: string) => BoardChange

const checkTheme = async (query: Query, themeId: string): Promise<void> => {
  const [theme] = validate(themeId)
    ? await query<{ open: boolean }>('select ended_at is null as open from feedback_themes where id = $1', [
        themeId,
      ])
    : []
  if (theme === undefined) throw noTheme()
  if (!theme.open)
    throw new TongdaError('conflict', 'this theme has ended; load the list again and choose another')
}

/** Puts one that is in no theme yet into one, where it stays. */
const putLoose = async (query: Query, itemId: string, themeId: string, now: Date): Promise<void> => {
  await query(
    `update feedback_items set theme_id = $2, is_fixed = true, placed_by = 'person', version = version + 1 where id = $1`,
    [itemId, themeId],
  )
  await query('update feedback_themes set is_held = true where id = $1', [themeId])
  await recountThemes(query, [themeId], now)
}

const put = async (
  query: Query,
  { item, themeId, actor, now }: { item: Suggestion; themeId: string; actor: FeedbackActor; now: Date },
  decide: DecideMove,
): Promise<void> => {
  await checkTheme(query, themeId)
  if (item.themeId === undefined) await putLoose(query, item.id, themeId, now)
  else {
    const board = await loadBoard(query, suggestionTables, [item.themeId, themeId])
    await keepBoard(query, suggestionTables, decide(board, item.id, themeId), { now })
  }
  const detail = { suggestionId: item.id, ...(item.themeId === undefined ? {} : { from: item.themeId }) }
  await addThemeLine(query, { themeId, actor, change: 'moved-in', detail }, now)
  if (item.themeId !== undefined)
    await addThemeLine(
      query,
      {
        themeId: item.themeId,
        actor,
        change: 'moved-out',
        detail: { suggestionId: item.id, into: themeId },
      },
      now,
    )
}

const move = async (
  query: Query,
  { id, themeId, write, now }: { id: string; themeId: string; write: FeedbackWrite; now: Date },
  decide: DecideMove,
): Promise<Suggestion> => {
  await lockThemes(query)
  const item = await findItem(query, id)
  // Done already: a repeat finds it there.
  if (item.themeId === themeId && item.placedBy === 'person') return item
  checkVersion(item.version, write.version)
  await put(query, { item, themeId, actor: write.actor, now }, decide)
  return findItem(query, id)
}

const checkOrigin = async (query: Query, { contactId, conversationId }: NewSuggestion): Promise<void> => {
  const isKnown = async (table: 'contacts' | 'conversations', id: string | undefined): Promise<boolean> =>
    id === undefined || (await query(`select 1 from ${table} where id = $1`, [id])).length > 0
  if (!(await isKnown('contacts', contactId)))
    throw new TongdaError('not_found', 'there is no such contact; it may have been erased')
  if (!(await isKnown('conversations', conversationId)))
    throw new TongdaError('not_found', 'there is no such conversation; it may have been erased')
}

const add = async (
  query: Query,
  suggestion: NewSuggestion,
  now: Date,
  decide: DecideMove,
): Promise<Suggestion> => {
  const { sentence, language, saidAt, contactId, conversationId, themeId, actor, idempotencyKey } = suggestion
  await lockThemes(query)
  await checkOrigin(query, suggestion)
  const id = uuid()
  const values = [id, conversationId, contactId, sentence, language, saidAt, now, idempotencyKey]
  const [added] = await query<{ id: string }>(insertItem, values)
  if (added === undefined) {
    const [known] = await query<{ id: string }>('select id from feedback_items where idempotency_key = $1', [
      idempotencyKey,
    ])
    return findItem(query, known?.id ?? id)
  }
  const item = await findItem(query, id)
  const about = {
    ...(item.conversationId === undefined ? {} : { conversationId: item.conversationId }),
    ...(item.contactId === undefined ? {} : { contactId: item.contactId }),
  }
  const data = { suggestionId: id, source: 'api' }
  await recordEvents(query, [{ type: 'feedback.collected', at: now, ...about, data }])
  if (themeId === undefined) return item
  await put(query, { item, themeId, actor, now }, decide)
  return findItem(query, id)
}

const discard = async (query: Query, id: string, { actor, version }: FeedbackWrite, now: Date) => {
  await lockThemes(query)
  const item = await findItem(query, id)
  checkVersion(item.version, version)
  await query(discardItem, [id, now])
  if (item.themeId === undefined) return
  await recountThemes(query, [item.themeId], now)
  const line = { themeId: item.themeId, actor, change: 'discarded', detail: { suggestionId: id } }
  await addThemeLine(query, line, now)
}

/** Suggestions on one database. `decide` says what moving one changes. */
export const createSuggestionStore = (database: Database, decide: DecideMove): SuggestionStore => {
  const { query } = database
  const inTransaction = <Result>(work: (inner: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    list: async (filter, { after, limit }) => {
      const values = [...listValues(filter), after?.saidAt, after?.id, limit]
      return (await query<ItemRow>(listItems, values)).map(toSuggestion)
    },
    get: (id) => findItem(query, id),
    add: (suggestion, now) => inTransaction((inner) => add(inner, suggestion, now, decide)),
    move: (id, themeId, write, now) =>
      inTransaction((inner) => move(inner, { id, themeId, write, now }, decide)),
    discard: (id, write, now) => inTransaction((inner) => discard(inner, id, write, now)),
  }
}
