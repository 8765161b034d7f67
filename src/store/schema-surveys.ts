import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Who is asked how a ticket went: one row a ticket. */
export const surveyInvitations = pgTable(
  'survey_invitations',
  {
    id: uuid('id').primaryKey(),
    ticketId: uuid('ticket_id').notNull(),
    contactId: uuid('contact_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    /** Which solving it is about: a ticket may be taken up again. */
    solvedAt: at('solved_at').notNull(),
    /** Whose ticket it was then. */
    agentId: text('agent_id'),
    teamId: uuid('team_id'),
    channel: text('channel').notNull(),
    topic: text('topic').notNull(),
    /** `due`, `asked`, `answered`, `expired`, `refused` or `not-possible`. */
    state: text('state').notNull(),
    /** Why nobody is asked. */
    reason: text('reason'),
    dueAt: at('due_at').notNull(),
    askedAt: at('asked_at'),
    /** Until when it can be answered, and answered anew. */
    expiresAt: at('expires_at'),
    answeredAt: at('answered_at'),
    settledAt: at('settled_at'),
    /** The message that asks. */
    messageId: uuid('message_id'),
    /** 1 to 5. */
    score: integer('score'),
    comment: text('comment'),
    /** When somebody is to look at it; null: nobody is. */
    reviewAt: at('review_at'),
    reviewTicketId: uuid('review_ticket_id'),
    createdAt: at('created_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('survey_invitations_ticket').on(table.ticketId),
    index('survey_invitations_conversation')
      .on(table.conversationId, table.askedAt)
      .where(sql`asked_at is not null`),
    index('survey_invitations_asked')
      .on(table.askedAt)
      .where(sql`asked_at is not null`),
    index('survey_invitations_open')
      .on(table.expiresAt)
      .where(sql`state = 'asked'`),
    index('survey_invitations_review')
      .on(table.reviewAt)
      .where(sql`review_at is not null`),
    uniqueIndex('survey_invitations_review_ticket').on(table.reviewTicketId),
  ],
)

/** Conversations in which the contact said to be asked no more. */
export const surveyStops = pgTable('survey_stops', {
  conversationId: uuid('conversation_id').primaryKey(),
  at: at('at').notNull(),
})
