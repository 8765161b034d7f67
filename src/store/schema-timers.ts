import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Moments at which something must happen exactly once: taken away in the transaction in which it happens. */
export const timers = pgTable(
  'timers',
  {
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    dueAt: at('due_at').notNull(),
    /** When to try: `due_at`, later after a failure. */
    fireAt: at('fire_at').notNull(),
    payload: jsonb('payload').notNull(),
    /** Failures since it was set, and the last one's words. */
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
    setAt: at('set_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.key] }), index('timers_fire').on(table.fireAt)],
)
