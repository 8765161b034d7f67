import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { tickets } from './schema-tickets.ts'
import { agents, conversations } from './schema.ts'

/** How far each agent has read a conversation. */
export const agentReads = pgTable(
  'agent_reads',
  {
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    /** `seq` of the last message that was read. */
    seq: integer('seq').notNull(),
    readAt: at('read_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.agentId] })],
)

/** What agents typed and have not sent, so that another browser of theirs finds it. Empty ones stand for what was sent. */
export const agentDrafts = pgTable(
  'agent_drafts',
  {
    agentId: text('agent_id').notNull(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** `reply` or `note`. */
    mode: text('mode').notNull(),
    text: text('text').notNull(),
    /** Files that were attached: `mediaId` and `name`. */
    files: jsonb('files').notNull(),
    /** Under which it will be sent. */
    draftKey: text('draft_key').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.ticketId, table.mode] })],
)
