import { v7 as uuid, validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { ReviewDraft, ReviewEntry, ReviewPerson, WorkReview } from '../core/review.ts'
import { toJson, type Query, type Row } from './database.ts'
import { present } from './incident-rows.ts'

/** A review `r` as `toReview` reads it. */
export const reviewFields = `r.id, r.subject, r.work_id as "workId", r.ticket_id as "ticketId",
  (select number from tickets where id = r.ticket_id) as "ticketNumber", r.conversation_id as "conversationId",
  r.work_at as "workAt", r.reviewee_id as "revieweeId", (select name from agents where id = r.reviewee_id) as "revieweeName",
  r.team_id as "teamId", r.channel, r.topic, r.article_id as "articleId", r.confidence, r.form_id as "formId",
  r.form_number as "formNumber", r.round, r.rule_id as "ruleId", r.reviewer_team_id as "reviewerTeamId",
  r.reviewer_ids as "reviewerIds", r.reviewer_id as "reviewerId",
  (select name from agents where id = r.reviewer_id) as "reviewerName", r.state, r.due_at as "dueAt",
  r.created_at as "createdAt", r.completed_at as "completedAt", r.answers, r.comment,
  r.right_article_id as "rightArticleId", r.total, r.failed, r.acknowledged_at as "acknowledgedAt", r.dispute, r.version`

/** A dispute's moments lie in JSON as text. */
const toDispute = (stored: Row): NonNullable<WorkReview['dispute']> => {
  const { at, decidedAt, ...rest } = stored
  return {
    ...rest,
    at: new Date(at as string),
    ...(decidedAt === undefined ? {} : { decidedAt: new Date(decidedAt as string) }),
  } as NonNullable<WorkReview['dispute']>
}

/** Reads a row of `reviewFields`. */
export const toReview = (row: Row): WorkReview => {
  const { dispute, ...rest } = present(row)
  return {
    ...rest,
    ...(dispute === undefined ? {} : { dispute: toDispute(dispute as Row) }),
  } as unknown as WorkReview
}

export const findReview = async (query: Query, id: string): Promise<WorkReview> => {
  const [row] = validate(id)
    ? await query(`select ${reviewFields} from work_reviews r where r.id = $1`, [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such review; load the list again')
  return toReview(row)
}

const insertLine = `
insert into work_review_history (review_id, at, actor_id, actor_name, change, detail, idempotency_key)
values ($1, $2, $3, $4, $5, $6::jsonb, $7)`

/** Adds a line to a review's history. Without a person a rule did it. */
export const addReviewLine = async (
  query: Query,
  reviewId: string,
  line: {
    readonly who?: ReviewPerson
    readonly change: ReviewEntry['change']
    readonly detail?: Readonly<Record<string, unknown>> | undefined
    readonly idempotencyKey?: string | undefined
  },
  now: Date,
): Promise<void> => {
  const { who, change, detail = {}, idempotencyKey } = line
  await query(insertLine, [reviewId, now, who?.id, who?.name, change, toJson(detail), idempotencyKey])
}

const insert = `
insert into work_reviews (id, subject, work_id, ticket_id, conversation_id, work_at, reviewee_id, team_id, channel, topic,
  article_id, confidence, form_id, form_number, round, rule_id, reviewer_team_id, reviewer_ids, state, due_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::text[], 'open', $19, $20)
on conflict (work_id, form_id, round) do nothing returning id`

/** Gives the new review's id; undefined: the work has such a review. */
export const insertReview = async (
  query: Query,
  { work, ...facts }: ReviewDraft,
  now: Date,
  id: string = uuid(),
): Promise<string | undefined> => {
  const { subject, workId, ticketId, conversationId, workAt, revieweeId, teamId, channel, topic } = work
  const { formId, formNumber, round, ruleId, reviewerTeamId, reviewerIds, dueAt } = facts
  const about = [subject, workId, ticketId, conversationId, workAt, revieweeId, teamId, channel, topic]
  const bot = [work.articleId, work.confidence]
  const how = [formId, formNumber, round, ruleId, reviewerTeamId, [...reviewerIds], dueAt]
  const [made] = await query<{ id: string }>(insert, [id, ...about, ...bot, ...how, now])
  return made?.id
}
