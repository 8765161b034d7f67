import { date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'

/** What readers of the help centre say of articles, counted. */
export const helpVotes = pgTable(
  'help_votes',
  {
    articleId: text('article_id').notNull(),
    /** A word of `helpLanguages`. */
    language: text('language').notNull(),
    day: date('day').notNull(),
    /** A word of `helpAnswers`. */
    answer: text('answer').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.language, table.day, table.answer] }),
    index('help_votes_day').on(table.day),
  ],
)
