import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { tickets } from './schema-tickets.ts'
import { agents } from './schema.ts'

/** Who was mentioned in which note. */
export const noteMentions = pgTable(
  'note_mentions',
  {
    messageId: uuid('message_id').notNull(),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    mentionedAt: at('mentioned_at').notNull(),
    readAt: at('read_at'),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.agentId] }),
    index('note_mentions_ticket').on(table.ticketId),
    index('note_mentions_unread')
      .on(table.agentId, table.ticketId)
      .where(sql`read_at is null`),
  ],
)
