import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Texts that agents say often. */
export const cannedReplies = pgTable(
  'canned_replies',
  {
    id: uuid('id').primaryKey(),
    /** The agent whose it is; null: the team's. */
    ownerId: text('owner_id'),
    name: text('name').notNull(),
    body: text('body').notNull(),
    /** What single channels get instead. */
    variants: jsonb('variants').notNull(),
    pictures: jsonb('pictures').notNull(),
    /** How the name sounds. */
    sounds: text('sounds').array().notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [index('canned_replies_owner').on(table.ownerId)],
)
