import { index, integer, pgTable, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { messages } from './schema.ts'

/** What messages are found by: hashes of pairs of characters, each with the span of time it was said in. */
export const messageSearch = pgTable(
  'message_search',
  {
    messageId: uuid('message_id')
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    at: at('at').notNull(),
    grams: integer('grams').array().notNull(),
  },
  (table) => [
    // Filled in the background, in batches: a list of what is not sorted in yet would only slow searching.
    index('message_search_grams').using('gin', table.grams).with({ fastupdate: false }),
  ],
)
