import { integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Articles that were compared with each other, as they stood then. */
export const knowledgePairs = pgTable(
  'knowledge_pairs',
  {
    firstId: text('first_id').notNull(),
    secondId: text('second_id').notNull(),
    /** Hashes of what they told. */
    firstHash: text('first_hash').notNull(),
    secondHash: text('second_hash').notNull(),
    model: text('model').notNull(),
    judgedAt: at('judged_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.firstId, table.secondId] })],
)

/** Articles that a model would not compare, as they stood then. */
export const knowledgeRefusals = pgTable(
  'knowledge_refusals',
  {
    firstId: text('first_id').notNull(),
    secondId: text('second_id').notNull(),
    firstHash: text('first_hash').notNull(),
    secondHash: text('second_hash').notNull(),
    /** `refused`, `filtered`, `truncated` or `malformed`. */
    why: text('why').notNull(),
    /** The models that were asked: others may compare them. */
    models: text('models').notNull(),
    refusedAt: at('refused_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.firstId, table.secondId] })],
)

/** Articles that contradict each other. */
export const knowledgeContradictions = pgTable(
  'knowledge_contradictions',
  {
    id: uuid('id').primaryKey(),
    firstId: text('first_id').notNull(),
    secondId: text('second_id').notNull(),
    firstHash: text('first_hash').notNull(),
    secondHash: text('second_hash').notNull(),
    /** The two places, word for word. */
    firstQuote: text('first_quote').notNull(),
    secondQuote: text('second_quote').notNull(),
    /** Which text of its article each stands in: `answer`, `en`, or the name of a channel. */
    firstText: text('first_text').notNull().default('answer'),
    secondText: text('second_text').notNull().default('answer'),
    why: text('why').notNull(),
    model: text('model').notNull(),
    /** `open` or `dismissed`. */
    state: text('state').notNull(),
    foundAt: at('found_at').notNull(),
    settledAt: at('settled_at'),
    settledBy: jsonb('settled_by'),
    version: integer('version').notNull().default(1),
  },
  (table) => [uniqueIndex('knowledge_contradictions_pair').on(table.firstId, table.secondId)],
)

/** Looks at all articles for contradictions. */
export const knowledgeChecks = pgTable('knowledge_checks', {
  id: uuid('id').primaryKey(),
  /** `waiting`, `running`, `paused`, `done` or `failed`. */
  state: text('state').notNull(),
  /** Why it stopped before its end. */
  why: text('why'),
  pairs: integer('pairs').notNull(),
  judged: integer('judged').notNull(),
  found: integer('found').notNull(),
  by: jsonb('by').notNull(),
  startedAt: at('started_at').notNull(),
  updatedAt: at('updated_at').notNull(),
})
