import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { GivenVerdict, Verdict, VerdictCount, VerdictGiver, VerdictStore } from '../core/verdict.ts'
import type { Database, Query, Row } from './database.ts'
import { recordEvents } from './record-event.ts'

/** The contact's message that was decided on: it itself, or the last one before what the bot said. */
const findAnswered = `
select q.id, q.conversation_id, q.decision ->> 'kind' as kind, q.decision ->> 'articleId' as article_id
from messages m join lateral (
  select x.id, x.conversation_id, x.decision from messages x
  where x.conversation_id = m.conversation_id and x.direction = 'in' and x.seq <= m.seq and x.decision is not null
    and (m.author = 'bot' or x.id = m.id)
  order by x.seq desc limit 1) q on true
where m.id = $1`

const keep = `
insert into answer_verdicts as v (message_id, conversation_id, article_id, verdict, right_article, actor_kind, actor_id,
  actor_name, judged_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (message_id) do update set verdict = excluded.verdict, right_article = excluded.right_article,
  actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_name = excluded.actor_name,
  judged_at = excluded.judged_at
where v.verdict <> excluded.verdict or v.right_article is distinct from excluded.right_article
returning 1`

const countByArticle = `
select v.article_id, count(*) filter (where v.verdict = 'right')::int as "right",
  count(*) filter (where v.verdict = 'wrong')::int as wrong,
  coalesce((select jsonb_agg(jsonb_build_object('articleId', i.right_article, 'count', i.count)
      order by i.count desc, i.right_article)
    from (select right_article, count(*)::int as count from answer_verdicts w
      where w.article_id = v.article_id and w.right_article is not null
      group by 1 order by 2 desc, 1 limit 5) i), '[]') as instead
from answer_verdicts v
where ($1::text is null or v.article_id = $1) and ($2::text is null or v.article_id collate "C" > $2)
group by v.article_id order by v.article_id collate "C" limit $3`

interface AnsweredRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly kind: string
  readonly article_id: string | null
}

interface CountRow extends Row {
  readonly article_id: string
  readonly right: number
  readonly wrong: number
  readonly instead: VerdictCount['instead']
}

const answered = async (query: Query, messageId: string): Promise<AnsweredRow | undefined> => {
  const [known] = validate(messageId) ? await query('select 1 from messages where id = $1', [messageId]) : []
  if (known === undefined)
    throw new TongdaError('not_found', 'there is no such message; it may have been erased')
  const [row] = await query<AnsweredRow>(findAnswered, [messageId])
  return row
}

const give = async (
  query: Query,
  messageId: string,
  { verdict, rightArticleId }: Verdict,
  { by, now }: { readonly by: VerdictGiver; readonly now: Date },
): Promise<GivenVerdict> => {
  const row = await answered(query, messageId)
  if (row?.kind !== 'answer' || row.article_id === null)
    throw new TongdaError('bad_input', 'the bot gave no article here; there is nothing to be judged')
  const { id, conversation_id: conversationId, article_id: articleId } = row
  if (rightArticleId === articleId)
    throw new TongdaError('bad_input', 'this article was given; choose another one, or find it right')
  const kept = await query(keep, [
    ...[id, conversationId, articleId, verdict, rightArticleId ?? null],
    ...[by.kind, by.id, by.name, now],
  ])
  const data = { messageId: id, articleId, verdict, rightArticleId }
  if (kept.length > 0)
    await recordEvents(query, [{ type: 'knowledge.answer-judged', at: now, conversationId, data }])
  return { verdict, rightArticleId, messageId: id, articleId, by, at: now }
}

const withdraw = async (query: Query, messageId: string, now: Date): Promise<void> => {
  const id = (await answered(query, messageId))?.id
  const [gone] = await query<{ conversation_id: string; article_id: string }>(
    'delete from answer_verdicts where message_id = $1 returning conversation_id, article_id',
    [id ?? null],
  )
  if (gone === undefined) return
  const { conversation_id: conversationId, article_id: articleId } = gone
  const data = { messageId: id, articleId, verdict: 'withdrawn' }
  await recordEvents(query, [{ type: 'knowledge.answer-judged', at: now, conversationId, data }])
}

/** Verdicts on one database. */
export const createVerdictStore = ({ query, transaction }: Database): VerdictStore => ({
  give: (messageId, verdict, by, now) =>
    transaction((within) => give(within, messageId, verdict, { by, now })),
  withdraw: (messageId, now) => transaction((within) => withdraw(within, messageId, now)),
  count: async ({ articleId, after, limit }) => {
    const rows = await query<CountRow>(countByArticle, [articleId ?? null, after ?? null, limit])
    return rows.map(({ article_id: id, right, wrong, instead }) => ({
      ...{ articleId: id, right, wrong, instead },
    }))
  },
})
