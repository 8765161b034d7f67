import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type {
  ReviewChange,
  ReviewDraft,
  ReviewEntry,
  ReviewInvolvement,
  ReviewSet,
  ReviewStore,
  ReviewTotal,
  ReviewWrite,
  WorkReview,
} from '../core/review.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { present } from './incident-rows.ts'
import { keyedId } from './keyed-id.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'
import { recordEvents, type NewEvent } from './record-event.ts'
import { addReviewLine, findReview, insertReview, reviewFields, toReview } from './review-rows.ts'
import { findWork } from './review-work.ts'

/** Whether a person did the work of a review `r`, replied in it, or agreed to it. */
const tookPart = (person: string): string => `(r.reviewee_id is not distinct from ${person}
  or (r.subject = 'ticket' and exists (select from ticket_timeline h
    where h.ticket_id = r.ticket_id and h.agent_id = ${person} and h.change = 'replied'))
  or (r.subject = 'complaint-decision' and exists (select from case_decisions d
    where d.id = r.work_id and ${person} in (d.proposed_by, d.settled_by))))`
const reviewedOther = (person: string): string => `exists (select from work_reviews o
  where o.work_id = r.work_id and o.id <> r.id and o.reviewer_id = ${person} and o.state <> 'cancelled')`
const inPool = (
  person: string,
): string => `case when cardinality(r.reviewer_ids) > 0 then ${person} = any(r.reviewer_ids)
  when r.reviewer_team_id is not null then exists (select from team_members m
    where m.team_id = r.reviewer_team_id and m.agent_id = ${person})
  else true end`

const readInvolvement = `
select ${tookPart('$2::text')} as "tookPart", ${reviewedOther('$2::text')} as "reviewedOther",
  ${inPool('$2::text')} as "inPool"
from work_reviews r where r.id = $1`

const involvementOf = async (query: Query, id: string, personId: string): Promise<ReviewInvolvement> => {
  const [row] = await query<Row & ReviewInvolvement>(readInvolvement, [id, personId])
  return row ?? { tookPart: false, reviewedOther: false, inPool: false }
}

const listSome = `
select ${reviewFields} from work_reviews r
where ($1::text[] is null or r.state = any($1)) and ($2::text[] is null or r.dispute ->> 'state' = any($2))
  and ($3::text is null or r.subject = $3) and ($4::uuid is null or r.form_id = $4)
  and ($5::text is null or r.reviewee_id = $5) and ($6::text is null or r.reviewer_id = $6)
  and ($7::uuid is null or r.ticket_id = $7) and ($8::uuid is null or r.id < $8)
  and ($10::text is null or (r.reviewer_id <> $10 and not ${tookPart('$10::text')}))
order by r.id desc limit $9`

const readQueue = `
select ${reviewFields} from work_reviews r
where r.state in ('open', 'claimed') and (r.due_at, r.id) > (coalesce($3::timestamptz, '-infinity'),
    coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
  and (r.reviewer_id = $1::text or (r.state = 'open' and not ${tookPart('$1::text')} and not ${reviewedOther('$1::text')}
    and ($2::boolean or ${inPool('$1::text')})))
order by r.due_at, r.id limit $5`

/** Around the bot's answer some messages; of a ticket everything from a little before it until a day after its end. */
const readMessages = `
select ${messageFields} from messages m ${messageJoins}
where m.conversation_id = $1 and case when $2::uuid is not null
    then m.seq between (select seq from messages where id = $2) - 6 and (select seq from messages where id = $2) + 6
    else m.created_at between coalesce((select created_at from tickets where id = $3), $4) - interval '1 hour'
      and $4::timestamptz + interval '1 day' end
order by m.seq desc limit 200`

const set = `
update work_reviews set state = $2, reviewer_id = $3, answers = $4::jsonb, comment = $5, right_article_id = $6,
  completed_at = $7, total = $8, failed = $9, wrong_answer = coalesce($10, wrong_answer), acknowledged_at = $11,
  dispute = $12::jsonb, version = version + 1
where id = $1`

/** A value that is set, null where it is taken away, else as it is. */
const setting = <Value>(wanted: Value | null | undefined, before: Value | undefined): Value | null =>
  wanted === undefined ? (before ?? null) : wanted

const write = async (query: Query, review: WorkReview, wanted: ReviewSet): Promise<void> => {
  const { total } = wanted
  const dispute = setting(wanted.dispute, review.dispute)
  await query(set, [
    review.id,
    wanted.state ?? review.state,
    setting(wanted.reviewerId, review.reviewerId),
    toJson(wanted.answers ?? review.answers),
    setting(wanted.comment, review.comment),
    setting(wanted.rightArticleId, review.rightArticleId),
    setting(wanted.completedAt, review.completedAt),
    setting(total?.total, review.total),
    setting(total?.failed, review.failed),
    total?.wrongAnswer,
    setting(wanted.acknowledgedAt, review.acknowledgedAt),
    dispute === null ? null : toJson(dispute),
  ])
}

const addScores = `
insert into work_review_scores (review_id, criterion_id, reached)
select $1, key, value::float8 from jsonb_each_text($2::jsonb)`

const writeScores = async (query: Query, id: string, { reached }: ReviewTotal): Promise<void> => {
  await query('delete from work_review_scores where review_id = $1', [id])
  await query(addScores, [id, toJson(reached)])
}

/** What is told outside. Neither scores nor whose they are: whoever may, reads the review. */
const eventsOf = (review: WorkReview, change: ReviewChange, now: Date): readonly NewEvent[] => {
  const {
    id: reviewId,
    subject,
    formId,
    conversationId,
    ticketId,
    workId,
    articleId,
    rightArticleId,
  } = review
  const about = { at: now, conversationId, ...(ticketId === undefined ? {} : { ticketId }) }
  switch (change.change) {
    case 'completed': {
      const completed = {
        ...about,
        type: 'quality.review-completed',
        data: { reviewId, subject, formId },
      } as const
      if (change.set.total?.wrongAnswer !== true) return [completed]
      const data = { reviewId, messageId: workId, articleId, rightArticleId }
      return [completed, { ...about, type: 'quality.bot-answer-wrong', data }]
    }
    case 'disputed':
      return [{ ...about, type: 'quality.disputed', data: { reviewId, subject, formId } }]
    case 'decided':
      return [
        { ...about, type: 'quality.dispute-decided', data: { reviewId, outcome: change.detail?.outcome } },
      ]
    default:
      return []
  }
}

const checkVersion = ({ version, state }: WorkReview, expected: number | undefined): void => {
  if (expected === undefined || expected === version) return
  throw new TongdaError('conflict', 'the review was changed meanwhile; look at what is new, then try again', {
    ...{ version, state, yours: expected },
  })
}

const lockAll = `
select id from work_reviews where work_id = (select work_id from work_reviews where id = $1) order by id for update`

/** Two reviews of one work are locked together: nobody takes both. */
const lock = async (query: Query, id: string): Promise<WorkReview> => {
  if (validate(id)) await query(lockAll, [id])
  return findReview(query, id)
}

const wasChanged = async (query: Query, id: string, key: string | undefined): Promise<boolean> =>
  key !== undefined &&
  (await query('select 1 from work_review_history where review_id = $1 and idempotency_key = $2', [id, key]))
    .length > 0

const apply = async (
  query: Query,
  [id, { who, expectedVersion, idempotencyKey }, decide, now]: Parameters<ReviewStore['apply']>,
): Promise<WorkReview> => {
  const before = await lock(query, id)
  if (await wasChanged(query, id, idempotencyKey)) return before
  checkVersion(before, expectedVersion)
  const change = decide(before, await involvementOf(query, id, who.id))
  await write(query, before, change.set)
  if (change.set.total !== undefined) await writeScores(query, id, change.set.total)
  await addReviewLine(
    query,
    id,
    { ...{ who, idempotencyKey }, change: change.change, detail: change.detail },
    now,
  )
  const after = await findReview(query, id)
  await recordEvents(query, eventsOf(after, change, now))
  return after
}

const checkReviewers = async (query: Query, { reviewerIds, reviewerTeamId }: ReviewDraft): Promise<void> => {
  const known = await query('select id from agents where id = any($1::text[]) and deactivated_at is null', [
    [...reviewerIds],
  ])
  if (known.length < new Set(reviewerIds).size)
    throw new TongdaError('bad_input', 'one of the reviewers is no agent; name agents by their ids')
  if (reviewerTeamId === undefined) return
  const teams = await query('select 1 from teams where id = $1 and retired_at is null', [reviewerTeamId])
  if (teams.length === 0) throw new TongdaError('bad_input', 'there is no such team of reviewers')
}

const addByHand = async (
  query: Query,
  draft: ReviewDraft,
  { who, idempotencyKey }: ReviewWrite,
  now: Date,
): Promise<WorkReview | undefined> => {
  const id = keyedId(idempotencyKey)
  const [made] = await query('select 1 from work_reviews where id = $1', [id])
  if (made !== undefined) return findReview(query, id)
  await checkReviewers(query, draft)
  const added = await insertReview(query, draft, now, id)
  if (added === undefined) return undefined
  await addReviewLine(query, id, { who, change: 'added' }, now)
  return findReview(query, id)
}

const readHistory = `
select at, actor_id as "actorId", actor_name as "actorName", change, detail from work_review_history
where review_id = $1 order by id`

/** Reviews on one database. */
export const createReviewStore = (database: Database): ReviewStore => {
  const { query } = database
  return {
    find: (subject, workId) => findWork(query, subject, workId),
    add: (draft, facts, now) =>
      retryCollisions(() => database.transaction((within) => addByHand(within, draft, facts, now))),
    get: (id) => findReview(query, id),
    list: async (filter, { after, limit }) => {
      const { states, disputes, subject, formId, revieweeId, reviewerId, ticketId, decidableBy } = filter
      const about = [states, disputes, subject, formId, revieweeId, reviewerId, ticketId]
      const values = [...about, after, limit, decidableBy]
      return (await query(listSome, values)).map(toReview)
    },
    queue: async (personId, all, { after, limit }) =>
      (await query(readQueue, [personId, all, after?.dueAt, after?.id, limit])).map(toReview),
    history: async (id) =>
      (await query(readHistory, [id])).map((row) => present(row) as unknown as ReviewEntry),
    involvement: (id, personId) => involvementOf(query, id, personId),
    messages: async ({ conversationId, subject, workId, ticketId, workAt }) => {
      const bot = subject === 'bot-answer' ? workId : null
      const rows = await query<MessageRow>(readMessages, [conversationId, bot, ticketId, workAt])
      return rows.map(toMessage).reverse()
    },
    known: async (conversationId, messageIds) => {
      const ids = messageIds.filter((id) => validate(id))
      const rows = await query<{ id: string }>(
        'select id from messages where conversation_id = $1 and id = any($2::uuid[])',
        [conversationId, ids],
      )
      return rows.map(({ id }) => id)
    },
    apply: (...call) => retryCollisions(() => database.transaction((within) => apply(within, call))),
  }
}
