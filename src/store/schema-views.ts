import { boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { teams } from './schema-queues.ts'
import { agents } from './schema.ts'

/** Views of tickets that agents made. */
export const ticketViews = pgTable(
  'ticket_views',
  {
    id: uuid('id').primaryKey(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Whether everybody has it in their list. */
    shared: boolean('shared').notNull(),
    /** The one team that has it in its list, where not everybody does. */
    teamId: uuid('team_id').references(() => teams.id, { onDelete: 'set null' }),
    filter: jsonb('filter').notNull(),
    /** `due`, `newest` or `waiting`. */
    sorted: text('sorted').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [index('ticket_views_owner').on(table.ownerId), index('ticket_views_team').on(table.teamId)],
)
