import { boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Several actions that agents do at once. */
export const macros = pgTable('macros', {
  id: uuid('id').primaryKey(),
  nameZh: text('name_zh').notNull(),
  nameEn: text('name_en').notNull(),
  actions: jsonb('actions').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** What is done by itself when something happens to a ticket. */
export const ticketRules = pgTable(
  'ticket_rules',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    /** Words of history that it reacts to. */
    reactsTo: text('reacts_to').array().notNull(),
    conditions: jsonb('conditions').notNull(),
    actions: jsonb('actions').notNull(),
    enabled: boolean('enabled').notNull(),
    position: integer('position').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
    /** Why its actions could not be done the last time that was so. */
    failedAt: at('failed_at'),
    failure: text('failure'),
  },
  (table) => [index('ticket_rules_position').on(table.position, table.id)],
)
