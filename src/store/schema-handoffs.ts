import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { tickets } from './schema-tickets.ts'

/** What a language model wrote of conversations when they were handed over to people: the latest of each ticket. */
export const handoffSummaries = pgTable(
  'handoff_summaries',
  {
    ticketId: uuid('ticket_id')
      .primaryKey()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    conversationId: uuid('conversation_id').notNull(),
    /** The message at which it was handed over last. */
    handoverSeq: integer('handover_seq').notNull(),
    /** `planned`, `made`, or `none`: nothing came of it. */
    state: text('state').notNull(),
    plannedAt: at('planned_at').notNull(),
    /** What was written; null: nothing yet. */
    summary: jsonb('summary'),
    /** The newest message that it knows. */
    reachesSeq: integer('reaches_seq'),
    /** `zh` or `en`. */
    language: text('language'),
    model: text('model'),
    /** Which kinds of personal data were masked in what the model was given. */
    masked: text('masked').array(),
    madeAt: at('made_at'),
  },
  (table) => [index('handoff_summaries_conversation').on(table.conversationId)],
)
