import { v7 as uuid } from 'uuid'
import type { DecisionRecord } from '../core/conversation.ts'
import type { CollectedFailures, DecidedTurn, FailureIntake, HeardTurn } from '../core/learning.ts'
import type { Part } from '../core/message.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { moveReader, placeOf } from './event-readers.ts'
import { settleVerdicts } from './learning-verdicts.ts'

const reader = 'learning'
/** A message typed in more pieces than this is rare, and its beginning says what it is about. */
const mostPieces = 10
const mostEarlier = 4
/** Within so many lines before a message the earlier turns are looked for. */
const lookBack = 50

/** All parts that were decided on together: those since the decision before. */
const partsOf = (message: string): string => `(
  select coalesce(jsonb_agg(part order by p.seq, n), '[]') from messages p, jsonb_array_elements(p.parts)
    with ordinality as parts(part, n)
  where p.conversation_id = ${message}.conversation_id and p.direction = 'in' and p.seq <= ${message}.seq
    and p.seq > greatest(${message}.seq - ${String(mostPieces)}, coalesce((
      select max(d.seq) from messages d where d.conversation_id = ${message}.conversation_id
        and d.direction = 'in' and d.decision is not null
        and d.seq < ${message}.seq and d.seq > ${message}.seq - ${String(mostPieces)}), 0)))`

const turnFields = (
  message: string,
): string => `${message}.id, ${message}.conversation_id, ${message}.sent_at,
  ${message}.decision, ${partsOf(message)} as parts`

const readMessages = `
select ${turnFields('m')}, m.created_at, m.pending from messages m
where m.id = any($1::uuid[]) and m.direction = 'in'`

/**
 * The turns of the hour before. Asked for the hour where the last ones are found, the planner reads the hour of everybody; asked
 * for decisions before lines are taken in their order, one without statistics reads and sorts all that was said before.
 */
const readEarlier = `
select m.id as of, ${turnFields('e')} from messages m
cross join lateral (
  select y.* from (
    select x.* from messages x where x.conversation_id = m.conversation_id and x.seq < m.seq
    order by x.seq desc limit ${String(lookBack)}) y
  where y.direction = 'in' and y.decision is not null order by y.seq desc limit ${String(mostEarlier)}
) e
where m.id = any($1::uuid[]) and e.created_at > m.created_at - interval '1 hour' order by m.id, e.seq desc`

/** What is learned of a question later is added; what a person said of it stays. */
const keepQuestions = `
insert into learning_questions as q (id, kind, message_id, conversation_id, inbox_id, channel, sentence, given, candidates,
  answer_at, right_article, said_at, created_at)
select x.id, x.kind, x.message_id, c.id, c.inbox_id, c.channel, x.sentence, x.given, x.candidates, x.answer_at,
  x.right_article, x.said_at, $2
from jsonb_to_recordset($1::jsonb) as x(id uuid, kind text, message_id uuid, conversation_id uuid, sentence text,
  given text, candidates jsonb, answer_at real, right_article text, said_at timestamptz)
join conversations c on c.id = x.conversation_id
where x.kind = 'reviewed-wrong' or not exists (
  select from answer_verdicts v where v.message_id = x.message_id and v.verdict = 'right')
on conflict (message_id) do update set
  kind = case when q.kind = 'reviewed-wrong' then q.kind else excluded.kind end,
  given = coalesce(excluded.given, q.given), version = q.version + 1,
  right_article = case when q.kind = 'reviewed-wrong' then coalesce(q.right_article, excluded.right_article)
    else coalesce(excluded.right_article, q.right_article) end
returning q.theme_id`

const touchProposals = 'update learning_proposals set updated_at = $2 where id = any($1::uuid[])'

interface TurnRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly sent_at: Date
  readonly decision: DecisionRecord | null
  readonly parts: readonly Part[]
}

interface MessageRow extends TurnRow {
  readonly created_at: Date
  readonly pending: boolean
}

interface EarlierRow extends TurnRow {
  readonly of: string
}

const toTurn = (row: TurnRow): readonly DecidedTurn[] => {
  const { id, conversation_id: conversationId, sent_at: saidAt, decision, parts } = row
  return decision === null ? [] : [{ messageId: id, conversationId, saidAt, decision, parts }]
}

const readTurns = async (query: Query, ids: readonly string[]): Promise<readonly HeardTurn[]> => {
  if (ids.length === 0) return []
  const messages = await query<MessageRow>(readMessages, [ids])
  const earlier = new Map<string, DecidedTurn[]>()
  for (const row of await query<EarlierRow>(readEarlier, [ids]))
    earlier.set(row.of, [...(earlier.get(row.of) ?? []), ...toTurn(row)])
  return messages.map((row) => {
    const [turn] = toTurn(row)
    return {
      messageId: row.id,
      receivedAt: row.created_at,
      isPending: row.pending,
      ...(turn === undefined ? {} : { turn }),
      earlier: earlier.get(row.id) ?? [],
    }
  })
}

/** A statement adds to a row once: what was learned of a question in one stretch of the log is joined first. */
const joined = (failures: CollectedFailures['failures']): CollectedFailures['failures'] => {
  const known = new Map<string, CollectedFailures['failures'][number]>()
  for (const failure of failures) {
    const before = known.get(failure.messageId)
    if (before === undefined) known.set(failure.messageId, failure)
    else
      known.set(failure.messageId, {
        ...before,
        kind: before.kind === 'reviewed-wrong' ? before.kind : failure.kind,
        given: failure.given ?? before.given,
        right: failure.right ?? before.right,
      })
  }
  return [...known.values()]
}

const keep = async (
  query: Query,
  { before, after, failures, cleared }: CollectedFailures,
  now: Date,
): Promise<number | undefined> => {
  if (!(await moveReader(query, reader, { before, after }))) return undefined
  await settleVerdicts(query, { cleared, failures }, now)
  if (failures.length === 0) return 0
  const rows = joined(failures).map(({ messageId, conversationId, saidAt, answerAt, right, ...rest }) => ({
    ...{ id: uuid(), message_id: messageId, conversation_id: conversationId, said_at: saidAt, ...rest },
    ...{ answer_at: answerAt, right_article: right },
  }))
  const kept = await query<{ theme_id: string | null }>(keepQuestions, [toJson(rows), now])
  await query(touchProposals, [kept.flatMap(({ theme_id: id }) => id ?? []), now])
  return kept.length
}

/** Takes in questions that went wrong, on one database. */
export const createFailureIntake = (database: Database): FailureIntake => ({
  place: async () => (await placeOf(database.query, reader)) ?? '0-0',
  turns: (ids) => readTurns(database.query, ids),
  keep: (collected, now) => database.transaction((query) => keep(query, collected, now)),
})
