import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** What people found of the bot's answers. */
export const answerVerdicts = pgTable(
  'answer_verdicts',
  {
    /** The contact's message that was answered. */
    messageId: uuid('message_id').primaryKey(),
    conversationId: uuid('conversation_id').notNull(),
    /** The article that was given. */
    articleId: text('article_id').notNull(),
    /** `right` or `wrong`. */
    verdict: text('verdict').notNull(),
    /** The article that should have been given. */
    rightArticle: text('right_article'),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    judgedAt: at('judged_at').notNull(),
  },
  (table) => [
    index('answer_verdicts_article').on(table.articleId),
    index('answer_verdicts_conversation').on(table.conversationId),
  ],
)
