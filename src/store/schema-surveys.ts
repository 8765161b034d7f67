import { sql } from 'drizzle-orm'
import {
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Who is asked: how a ticket went, one row a ticket; or by a campaign, one row a contact. */
export const surveyInvitations = pgTable(
  'survey_invitations',
  {
    id: uuid('id').primaryKey(),
    ticketId: uuid('ticket_id'),
    campaignId: uuid('campaign_id'),
    contactId: uuid('contact_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    /** Which solving it is about: a ticket may be taken up again. */
    solvedAt: at('solved_at'),
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
    /** 1 to 5; of a campaign also 0 to 10, or the place of an option. */
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
    uniqueIndex('survey_invitations_campaign').on(table.campaignId, table.contactId),
    index('survey_invitations_conversation')
      .on(table.conversationId, table.askedAt)
      .where(sql`asked_at is not null`),
    index('survey_invitations_asked')
      .on(table.askedAt)
      .where(sql`asked_at is not null`),
    index('survey_invitations_message')
      .on(table.messageId)
      .where(sql`campaign_id is not null`),
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

/** Questions to contacts who agreed to be asked. */
export const surveyCampaigns = pgTable('survey_campaigns', {
  id: uuid('id').primaryKey(),
  title: text('title').notNull(),
  question: jsonb('question').notNull(),
  audience: jsonb('audience').notNull(),
  /** `draft`, `running`, `paused` or `ended`. */
  state: text('state').notNull(),
  startsAt: at('starts_at').notNull(),
  endsAt: at('ends_at').notNull(),
  share: doublePrecision('share').notNull(),
  mostADay: integer('most_a_day').notNull(),
  createdAt: at('created_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** Who did what to a campaign, and why. */
export const surveyCampaignHistory = pgTable(
  'survey_campaign_history',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    at: at('at').notNull(),
    actor: jsonb('actor').notNull(),
    change: text('change').notNull(),
    reason: text('reason'),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('survey_campaign_history_campaign').on(table.campaignId, table.id),
    uniqueIndex('survey_campaign_history_key').on(table.idempotencyKey),
  ],
)

/** That a contact agreed to be asked: where, when and how it is known. Kept after it was withdrawn. */
export const surveyConsents = pgTable(
  'survey_consents',
  {
    id: uuid('id').primaryKey(),
    conversationId: uuid('conversation_id').notNull(),
    at: at('at').notNull(),
    /** `conversation` or `elsewhere`. */
    way: text('way').notNull(),
    proof: text('proof'),
    by: jsonb('by'),
    withdrawnAt: at('withdrawn_at'),
    /** Null: the contact. */
    withdrawnBy: jsonb('withdrawn_by'),
    withdrawal: text('withdrawal'),
  },
  (table) => [index('survey_consents_conversation').on(table.conversationId)],
)
