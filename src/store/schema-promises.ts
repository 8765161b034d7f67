import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { tickets } from './schema-tickets.ts'
import { agents } from './schema.ts'

/** Who was told that a promise is in danger or was not kept. */
export const alerts = pgTable(
  'alerts',
  {
    id: uuid('id').primaryKey(),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** `first-reply`, `next-reply` or `resolution`. */
    promise: text('promise').notNull(),
    /** When the promise's clock was set going: which round it is. */
    since: at('since').notNull(),
    /** -1: in danger; 0 and more: not kept, and the step of the chain. */
    step: integer('step').notNull(),
    dueAt: at('due_at').notNull(),
    createdAt: at('created_at').notNull(),
    seenAt: at('seen_at'),
  },
  (table) => [
    uniqueIndex('alerts_once').on(table.ticketId, table.promise, table.since, table.step, table.agentId),
    index('alerts_agent').on(table.agentId, table.createdAt),
    index('alerts_unseen')
      .on(table.agentId)
      .where(sql`seen_at is null`),
  ],
)
