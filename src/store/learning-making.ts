import type {
  AssessedQuestion,
  Assessment,
  ProposalKind,
  ProposalMaking,
  ProposalState,
} from '../core/learning.ts'
import { textOf, type Part } from '../core/message.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { questionFields, tellProposal, toQuestion, type QuestionRow } from './learning-rows.ts'
import { lockGroups, packed, questionTables, unpackVector } from './meaning-tables.ts'
import { recordEvents } from './record-event.ts'

/**
 * Those that changed come first. A day later the knowledge may weigh the same questions otherwise, where there are
 * enough of them to propose anything.
 */
const changed = `
select id from learning_proposals
where ended_at is null and count > 0 and state <> 'accepted' and (assessed_at is null or updated_at >= assessed_at
  or (kind is not null and assessed_at < $1::timestamptz - interval '1 day'))
order by (assessed_at is null or updated_at >= assessed_at) desc, assessed_at nulls first, id limit $2`

const readQuestions = `
select ${questionFields}, ${packed('i.vector')} as vector from learning_questions i
join learning_proposals t on t.id = i.theme_id
where i.theme_id = $1 and i.discarded_at is null and i.vector is not null and (t.since is null or i.said_at > t.since)
order by i.said_at desc, i.id desc limit $2`

const lockProposal = `
select kind, state, article_id, count, settled_count from learning_proposals where id = $1 and ended_at is null for update`

const markAssessed = 'update learning_proposals set assessed_at = $2 where id = $1'
const withdraw = `
update learning_proposals set assessed_at = $2, kind = null, version = version + 1 where id = $1`
const write = `
update learning_proposals set assessed_at = $2, kind = $3, article_id = $4, evidence = $5::jsonb, label = $6, state = 'open',
  draft_ids = case when state = 'open' then draft_ids else '{}' end,
  evaluation_id = case when state = 'open' then evaluation_id end,
  version = version + case when $7::boolean then 1 else 0 end where id = $1`

interface StandingRow extends Row {
  readonly kind: ProposalKind | null
  readonly state: ProposalState
  readonly article_id: string | null
  readonly count: number
  readonly settled_count: number | null
}

/** A dismissed one comes back when there are twice as many questions; of a done one only those since count. */
const comesBack = ({ state, count, settled_count: settled }: StandingRow): boolean =>
  state === 'done' || (state === 'dismissed' && count >= 2 * (settled ?? 0))

const changeOf = (row: StandingRow, { kind, articleId }: Assessment): string | undefined => {
  if (row.state !== 'open') return 'reopened'
  return row.kind === kind && (row.article_id ?? undefined) === articleId ? undefined : 'assessed'
}

const tellAssessed = async (
  query: Query,
  id: string,
  {
    row,
    assessment,
    change,
    now,
  }: {
    readonly row: StandingRow
    readonly assessment: Assessment
    readonly change: string | undefined
    readonly now: Date
  },
): Promise<void> => {
  const { kind, articleId } = assessment
  const detail = { kind, ...(articleId === undefined ? {} : { articleId }), count: row.count }
  if (row.kind === null)
    await recordEvents(query, [{ type: 'proposal.created', at: now, data: { proposalId: id, ...detail } }])
  else if (change !== undefined) await tellProposal(query, { id, change, actor: 'system', detail }, now)
}

const assess = async (
  query: Query,
  id: string,
  assessment: Assessment | undefined,
  now: Date,
): Promise<void> => {
  await lockGroups(query, questionTables)
  const [row] = await query<StandingRow>(lockProposal, [id])
  if (row === undefined) return
  const isOpen = row.state === 'open'
  if (assessment === undefined) {
    await query(isOpen && row.kind !== null ? withdraw : markAssessed, [id, now])
    return
  }
  if (!isOpen && !comesBack(row)) {
    await query(markAssessed, [id, now])
    return
  }
  const { kind, articleId, evidence, label } = assessment
  const change = changeOf(row, assessment)
  await query(write, [id, now, kind, articleId, toJson(evidence), label, change !== undefined])
  await tellAssessed(query, id, { row, assessment, change, now })
}

/** How the drafts of accepted proposals stand, where none is under way any more. */
const settledDrafts = `
select t.id, bool_or(d.state = 'published') as published from learning_proposals t
join knowledge_drafts d on d.id = any(t.draft_ids)
where t.state = 'accepted' and t.ended_at is null group by t.id
having bool_and(d.state in ('published', 'discarded'))`

const finish = `
update learning_proposals set state = 'done', since = $2, updated_at = $2, version = version + 1
where id = $1 and state = 'accepted' returning id`
const handBack = `
update learning_proposals set state = 'open', draft_ids = '{}', evaluation_id = null, updated_at = $2,
  version = version + 1
where id = $1 and state = 'accepted' returning id`

const follow = async (query: Query, now: Date): Promise<void> => {
  await lockGroups(query, questionTables)
  for (const { id, published } of await query<{ id: string; published: boolean }>(settledDrafts, [])) {
    await query(published ? finish : handBack, [id, now])
    const change = published ? 'done' : 'reopened'
    await tellProposal(query, { id, change, actor: 'system' }, now)
  }
}

/**
 * What an agent sent within days of a question. A reply says something where it has some words; what was said in complaints
 * and appeals is about certain people.
 */
const replies = `
select i.sentence, r.parts, c.display_name as name, r.agent from learning_questions i
join messages m on m.id = i.message_id
join conversations v on v.id = i.conversation_id
join contacts c on c.id = v.contact_id
cross join lateral (
  select o.parts, g.name as agent from messages o left join agents g on g.id = o.agent_id
  where o.conversation_id = i.conversation_id and o.direction = 'out' and o.author = 'agent' and o.seq > m.seq
    and o.created_at < i.said_at + interval '7 days'
    and not exists (select from outbox b where b.message_id = o.id and b.status = 'withdrawn')
    and not exists (select from tickets t join ticket_timeline h on h.ticket_id = t.id
      where t.conversation_id = o.conversation_id and t.kind in ('complaint', 'appeal')
        and h.change = 'replied' and h.detail ->> 'messageId' = o.id::text)
  order by o.seq limit 3
) r
where i.theme_id = $1 and i.discarded_at is null order by i.said_at desc limit 30`
const leastReply = 10

interface ReplyRow extends Row {
  readonly sentence: string
  readonly parts: readonly Part[]
  readonly name: string
  readonly agent: string | null
}

/** Proposals as the machine makes them, on one database. */
export const createProposalMaking = (database: Database): ProposalMaking => {
  const { query } = database
  const change = <Result>(work: (inner: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    changed: async (now, limit) => (await query<{ id: string }>(changed, [now, limit])).map(({ id }) => id),
    questions: async (id, limit) =>
      (await query<QuestionRow & { readonly vector: string }>(readQuestions, [id, limit])).map(
        (row): AssessedQuestion => ({ ...toQuestion(row), vector: unpackVector(row.vector) }),
      ),
    assess: (id, assessment, now) => change((inner) => assess(inner, id, assessment, now)),
    follow: (now) => change((inner) => follow(inner, now)),
    repliesTo: async (id) =>
      (await query<ReplyRow>(replies, [id]))
        .map(({ sentence, parts, name, agent }) => ({
          ...{ sentence, reply: textOf(parts).trim(), contactName: name },
          ...(agent === null ? {} : { agentName: agent }),
        }))
        .filter(({ reply }) => reply.length >= leastReply),
  }
}
