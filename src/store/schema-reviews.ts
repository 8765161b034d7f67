import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Forms by which work is reviewed. */
export const reviewForms = pgTable('review_forms', {
  id: uuid('id').primaryKey(),
  /** `ticket`, `bot-answer` or `complaint-decision`. */
  subject: text('subject').notNull(),
  /** `draft`, `active` or `retired`. */
  state: text('state').notNull(),
  /** The newest of its numbers. */
  number: integer('number').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** What a form asks, by number; never changed, because reviews were made on it. */
export const reviewFormNumbers = pgTable(
  'review_form_numbers',
  {
    formId: uuid('form_id')
      .notNull()
      .references(() => reviewForms.id),
    number: integer('number').notNull(),
    /** `{ zh, en? }`. */
    name: jsonb('name').notNull(),
    groups: jsonb('groups').notNull(),
    criteria: jsonb('criteria').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.formId, table.number] })],
)

/** What is reviewed by rule. */
export const reviewRules = pgTable('review_rules', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  subject: text('subject').notNull(),
  conditions: jsonb('conditions').notNull(),
  /** `{ share }` or `{ perWeek }`. */
  amount: jsonb('amount').notNull(),
  formId: uuid('form_id').notNull(),
  reviewers: jsonb('reviewers').notNull(),
  dueDays: integer('due_days').notNull(),
  waitDays: integer('wait_days').notNull(),
  doubleShare: doublePrecision('double_share').notNull(),
  enabled: boolean('enabled').notNull(),
  /** When it was switched on last. */
  since: at('since').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** What was drawn by rule, with the seed by which it can be drawn again. */
export const reviewDraws = pgTable(
  'review_draws',
  {
    ruleId: uuid('rule_id').notNull(),
    from: at('from_at').notNull(),
    to: at('to_at').notNull(),
    seed: text('seed').notNull(),
    at: at('at').notNull(),
    found: integer('found').notNull(),
    drawn: integer('drawn').notNull(),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.from] })],
)

/** Work that is, or is to be, reviewed. */
export const workReviews = pgTable(
  'work_reviews',
  {
    id: uuid('id').primaryKey(),
    subject: text('subject').notNull(),
    /** The ticket, the contact's message that the bot answered, or the decision. */
    workId: uuid('work_id').notNull(),
    ticketId: uuid('ticket_id'),
    conversationId: uuid('conversation_id').notNull(),
    workAt: at('work_at').notNull(),
    /** Null: the bot's. */
    revieweeId: text('reviewee_id'),
    teamId: uuid('team_id'),
    channel: text('channel').notNull(),
    topic: text('topic').notNull(),
    articleId: text('article_id'),
    confidence: doublePrecision('confidence'),
    formId: uuid('form_id').notNull(),
    formNumber: integer('form_number').notNull(),
    /** 2: a second review of the same work, by somebody else. */
    round: integer('round').notNull(),
    ruleId: uuid('rule_id'),
    reviewerTeamId: uuid('reviewer_team_id'),
    reviewerIds: text('reviewer_ids').array().notNull(),
    reviewerId: text('reviewer_id'),
    /** `open`, `claimed`, `completed` or `cancelled`. */
    state: text('state').notNull(),
    dueAt: at('due_at').notNull(),
    createdAt: at('created_at').notNull(),
    completedAt: at('completed_at'),
    /** By criterion. */
    answers: jsonb('answers').notNull().default({}),
    comment: text('comment'),
    rightArticleId: text('right_article_id'),
    total: doublePrecision('total'),
    failed: boolean('failed'),
    wrongAnswer: boolean('wrong_answer'),
    acknowledgedAt: at('acknowledged_at'),
    dispute: jsonb('dispute'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    // The same work is never reviewed twice under one form, whatever several nodes and people believe.
    uniqueIndex('work_reviews_once').on(table.workId, table.formId, table.round),
    index('work_reviews_queue')
      .on(table.dueAt, table.id)
      .where(sql`state in ('open', 'claimed')`),
    index('work_reviews_reviewee').on(table.revieweeId, table.completedAt),
    index('work_reviews_completed')
      .on(table.completedAt)
      .where(sql`state = 'completed'`),
    index('work_reviews_conversation').on(table.conversationId),
    index('work_reviews_disputed')
      .on(table.id)
      .where(sql`dispute ->> 'state' = 'open'`),
  ],
)

/** What was reached of each criterion of a completed review, 0 to 1; disputes change it. */
export const workReviewScores = pgTable(
  'work_review_scores',
  {
    reviewId: uuid('review_id')
      .notNull()
      .references(() => workReviews.id),
    criterionId: text('criterion_id').notNull(),
    reached: doublePrecision('reached').notNull(),
  },
  (table) => [primaryKey({ columns: [table.reviewId, table.criterionId] })],
)

/** What became of reviews, and who did it. */
export const workReviewHistory = pgTable(
  'work_review_history',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    reviewId: uuid('review_id')
      .notNull()
      .references(() => workReviews.id),
    at: at('at').notNull(),
    /** Null: a rule. */
    actorId: text('actor_id'),
    actorName: text('actor_name'),
    change: text('change').notNull(),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('work_review_history_review').on(table.reviewId, table.id),
    uniqueIndex('work_review_history_key').on(table.reviewId, table.idempotencyKey),
  ],
)

/** What leads say to agents; nobody else reads it. */
export const coachingNotes = pgTable(
  'coaching_notes',
  {
    id: uuid('id').primaryKey(),
    authorId: text('author_id').notNull(),
    agentId: text('agent_id').notNull(),
    text: text('text').notNull(),
    reviewId: uuid('review_id'),
    ticketId: uuid('ticket_id'),
    /** When both look at it again; since when they are reminded; when they did. */
    followUpAt: at('follow_up_at'),
    dueSince: at('due_since'),
    followedUpAt: at('followed_up_at'),
    acknowledgedAt: at('acknowledged_at'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('coaching_notes_agent').on(table.agentId, table.id),
    index('coaching_notes_author').on(table.authorId, table.id),
  ],
)
