import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** What language models were asked and what it took; no word of what was said. */
export const modelCalls = pgTable(
  'model_calls',
  {
    id: uuid('id').primaryKey(),
    at: at('at').notNull(),
    /** A word of `ModelPurpose`. */
    purpose: text('purpose').notNull(),
    model: text('model').notNull(),
    /** What it was spent on; no reference, so that it counts also when the conversation is gone. */
    conversationId: uuid('conversation_id'),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    /** Millionths of the configured currency. */
    costMicros: bigint('cost_micros', { mode: 'number' }).notNull(),
    ms: integer('ms').notNull(),
    /** A word of `modelOutcomes`. */
    outcome: text('outcome').notNull(),
  },
  (table) => [
    index('model_calls_at').on(table.at),
    index('model_calls_conversation').on(table.conversationId),
  ],
)
