import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { agents } from './schema.ts'

/** How agents want the desk to behave; no row: as usual. */
export const agentPreferences = pgTable('agent_preferences', {
  agentId: text('agent_id')
    .primaryKey()
    .references(() => agents.id, { onDelete: 'cascade' }),
  preferences: jsonb('preferences').notNull(),
  updatedAt: at('updated_at').notNull(),
})
