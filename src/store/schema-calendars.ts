import { date, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Sets of holidays into which something was imported. */
export const calendarSets = pgTable('calendar_sets', {
  name: text('set_name').primaryKey(),
  /** The last date for which its holidays are known. */
  knownUntil: date('known_until'),
  /** Grows with every import: one that was compared with an older version is refused. */
  version: integer('version').notNull(),
})

/** Dates that differ from their weekday, by set. */
export const calendarExceptions = pgTable(
  'calendar_exceptions',
  {
    set: text('set_name')
      .notNull()
      .references(() => calendarSets.name),
    date: date('date').notNull(),
    /** `closed`, `workday`, `hours` or `ordinary`. */
    kind: text('kind').notNull(),
    /** Of a `workday`: the weekday it works like. */
    likeWeekday: text('like_weekday'),
    /** Of `hours`: the spans in minutes of the day. */
    hours: jsonb('hours'),
    name: text('name'),
    source: text('source').notNull(),
    importedAt: at('imported_at').notNull(),
    importedBy: text('imported_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.set, table.date] })],
)
