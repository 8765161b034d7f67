import { validate } from 'uuid'
import type { Evaluation, EvaluationStore } from '../core/evaluation.ts'
import { TongdaError } from '../core/errors.ts'
import { textOf, type Part } from '../core/message.ts'
import { toJson, type Database, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { toEvaluation, type EvaluationRow } from './knowledge-rows.ts'
import { keepingChanges } from './personal-paths.ts'

const insertEvaluation = `
insert into knowledge_evaluations (id, state, draft_ids, fingerprint, questions, whole, by, created_at)
values ($1, 'waiting', $2::uuid[], $3, $4::text[], $5, $6::jsonb, $7) on conflict (id) do nothing`

/** A message that was erased or retired while it was measured with is not told of. */
const isThere = `c ->> 'messageId' is null or exists (select from messages m where m.id = (c ->> 'messageId')::uuid)`
const finishEvaluation = `
update knowledge_evaluations set state = $2, failure = $4, done_at = $5,
  result = case when $3::jsonb is not null then ${keepingChanges('$3::jsonb', isThere)} end
where id = $1 and state = 'waiting'`

const findDone = `
select * from knowledge_evaluations where fingerprint = $1 and state = 'done' and whole
order by done_at desc, id desc limit 1`

const decided = `direction = 'in' and decision is not null and created_at >= $1`
const countDecided = `select count(*)::int as count from messages where ${decided}`

const drawMessages = `
select m.id, parts, exists (
    select from learning_questions q where q.message_id = m.id and q.discarded_at is null
      and q.kind in ('corrected', 'thumbed-down', 'turned-down', 'escalated', 'reviewed-wrong')) as questioned
from messages m where ${decided} order by md5($3 || m.id::text), m.id limit $2`

interface DrawnRow extends Row {
  readonly id: string
  readonly parts: readonly Part[]
  readonly questioned: boolean
}

/** The evaluations of one database. */
export const createEvaluationStore = ({ query }: Pick<Database, 'query'>): EvaluationStore => {
  const get = async (id: string): Promise<Evaluation> => {
    const [row] = validate(id)
      ? await query<EvaluationRow>('select * from knowledge_evaluations where id = $1', [id])
      : []
    if (row === undefined) throw new TongdaError('not_found', 'there is no such evaluation; start another')
    return toEvaluation(row)
  }
  return {
    get,
    create: async ({ draftIds, fingerprint, questions, whole, by }, now, idempotencyKey) => {
      const id = keyedId(idempotencyKey)
      await query(insertEvaluation, [id, draftIds, fingerprint, questions, whole, toJson(by), now])
      return get(id)
    },
    finish: async (id, end, now) => {
      const facts =
        'result' in end ? ['done', toJson(end.result), null] : ['failed', null, end.failure.slice(0, 500)]
      await query(finishEvaluation, [id, ...facts, now])
    },
    findDone: async (fingerprint) =>
      (await query<EvaluationRow>(findDone, [fingerprint])).map(toEvaluation)[0],
    sample: async ({ since, limit, seed }) => {
      const [counted] = await query<{ count: number }>(countDecided, [since])
      const rows = await query<DrawnRow>(drawMessages, [since, limit, seed])
      const messages = rows.map(({ id, parts, questioned }) => ({
        messageId: id,
        text: textOf(parts),
        isQuestioned: questioned,
      }))
      return { of: counted?.count ?? 0, messages: messages.filter(({ text }) => text.trim() !== '') }
    },
  }
}
