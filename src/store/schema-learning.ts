import { sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/** Questions of contacts that the bot did not settle. Columns of `MeaningTables` are called as those of suggestions. */
export const learningQuestions = pgTable(
  'learning_questions',
  {
    id: uuid('id').primaryKey(),
    /** A word of `failureKinds`. */
    kind: text('kind').notNull(),
    messageId: uuid('message_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    channel: text('channel').notNull(),
    /** Masked: nothing in it tells who wrote it. */
    sentence: text('sentence').notNull(),
    /** The article that was given. */
    given: text('given'),
    /** Articles that were weighed, the best first: `{articleId, score}`. */
    candidates: jsonb('candidates').notNull(),
    /** From which score on an article was given then. */
    answerAt: real('answer_at').notNull(),
    /** The article that would have been right, as the contact or a reviewer said. */
    rightArticle: text('right_article'),
    saidAt: at('said_at').notNull(),
    createdAt: at('created_at').notNull(),
    /** The proposal; null: not placed yet. */
    themeId: uuid('theme_id'),
    placedBy: text('placed_by'),
    isFixed: boolean('is_fixed').notNull().default(false),
    vector: bytea('vector'),
    spaceId: uuid('space_id'),
    version: integer('version').notNull().default(1),
    /** A person said that it is none. */
    discardedAt: at('discarded_at'),
  },
  (table) => [
    uniqueIndex('learning_questions_message').on(table.messageId),
    index('learning_questions_theme').on(table.themeId, table.saidAt),
    index('learning_questions_conversation').on(table.conversationId),
    index('learning_questions_said').on(table.saidAt, table.id),
    index('learning_questions_loose')
      .on(table.id)
      .where(sql`theme_id is null and discarded_at is null`),
  ],
)

/** What might be done about questions that mean the same. */
export const learningProposals = pgTable(
  'learning_proposals',
  {
    id: uuid('id').primaryKey(),
    name: text('name'),
    label: text('label').notNull(),
    words: text('words').array().notNull(),
    isHeld: boolean('is_held').notNull().default(false),
    mergedInto: uuid('merged_into'),
    endedAt: at('ended_at'),
    count: integer('count').notNull().default(0),
    sum: bytea('sum'),
    sumSpace: uuid('sum_space'),
    /** What it proposes; null: too few questions to propose anything. */
    kind: text('kind'),
    /** `open`, `accepted`, `dismissed` or `done`. */
    state: text('state').notNull().default('open'),
    /** The article that it is about; null: a new one. */
    articleId: text('article_id'),
    evidence: jsonb('evidence'),
    assessedAt: at('assessed_at'),
    /** What became of it: by whom, why, and how many questions there were then. */
    settledAt: at('settled_at'),
    settledBy: jsonb('settled_by'),
    settledCount: integer('settled_count'),
    reason: text('reason'),
    /** When it was done: only questions since then count. */
    since: at('since'),
    draftIds: uuid('draft_ids')
      .array()
      .notNull()
      .default(sql`'{}'`),
    evaluationId: uuid('evaluation_id'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('learning_proposals_count')
      .on(table.count, table.id)
      .where(sql`ended_at is null and kind is not null`),
  ],
)
