import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { tickets } from './schema-tickets.ts'
import { agents, sessions } from './schema.ts'

/** Browsers that agents have notices pushed to. Each goes with the session that asked for it. */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    id: uuid('id').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .unique()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    endpointHash: text('endpoint_hash').notNull().unique(),
    /** Host of the push service. */
    service: text('service').notNull(),
    /** Address and keys, encrypted. */
    target: text('target').notNull(),
    language: text('language').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('push_subscriptions_agent').on(table.agentId)],
)

/** What agents with such a browser were told of, so that nothing is told twice. */
export const pushTold = pgTable(
  'push_told',
  {
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    /** Occasion and what it was, e.g. `mentioned <message>`. */
    name: text('name').notNull(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    toldAt: at('told_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.agentId, table.name] }),
    index('push_told_ticket').on(table.ticketId),
  ],
)
