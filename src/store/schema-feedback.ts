import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/** What contacts suggest, a sentence each. */
export const feedbackItems = pgTable(
  'feedback_items',
  {
    id: uuid('id').primaryKey(),
    /** `conversation`, `form` or `api`. */
    source: text('source').notNull(),
    /** The message that it stands in, and which of the suggestions there it is. */
    messageId: uuid('message_id'),
    ordinal: integer('ordinal'),
    /** The ticket whose form it was given in. */
    ticketId: uuid('ticket_id'),
    conversationId: uuid('conversation_id'),
    /** Who suggests it, where no conversation tells. */
    contactId: uuid('contact_id'),
    inboxId: text('inbox_id'),
    channel: text('channel'),
    /** Masked: nothing in it tells who wrote it. */
    sentence: text('sentence').notNull(),
    language: text('language').notNull(),
    /** By which words it was recognised. */
    cues: text('cues').array().notNull(),
    saidAt: at('said_at').notNull(),
    createdAt: at('created_at').notNull(),
    /** Null: not placed yet. */
    themeId: uuid('theme_id'),
    /** `machine` or `person`. */
    placedBy: text('placed_by'),
    isFixed: boolean('is_fixed').notNull().default(false),
    vector: bytea('vector'),
    /** The space that the vector is of. */
    spaceId: uuid('space_id'),
    version: integer('version').notNull().default(1),
    /** A person said that it is none. */
    discardedAt: at('discarded_at'),
    /** Adding it again with this key has no further effect. */
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    uniqueIndex('feedback_items_message').on(table.messageId, table.ordinal),
    uniqueIndex('feedback_items_ticket').on(table.ticketId),
    uniqueIndex('feedback_items_key').on(table.idempotencyKey),
    index('feedback_items_theme').on(table.themeId, table.saidAt),
    index('feedback_items_conversation').on(table.conversationId),
    index('feedback_items_said').on(table.saidAt, table.id),
    index('feedback_items_worded')
      .on(table.saidAt, table.id)
      .where(sql`sentence <> ''`),
    index('feedback_items_loose')
      .on(table.id)
      .where(sql`theme_id is null and discarded_at is null`),
  ],
)

/** The spaces in which meanings are compared; the newest counts. */
export const feedbackSpaces = pgTable('feedback_spaces', {
  id: uuid('id').primaryKey(),
  /** The encoder's version, or `words`. */
  maker: text('maker').notNull(),
  dimensions: integer('dimensions').notNull(),
  data: jsonb('data').notNull(),
  createdAt: at('created_at').notNull(),
})

/** Suggestions that mean the same. */
export const feedbackThemes = pgTable(
  'feedback_themes',
  {
    id: uuid('id').primaryKey(),
    /** The name that a person gave; null: the label speaks. */
    name: text('name'),
    label: text('label').notNull(),
    words: text('words').array().notNull(),
    /** `collected`, `considering`, `planned`, `shipped` or `declined`. */
    status: text('status').notNull().default('collected'),
    statusAt: at('status_at'),
    wordingZh: text('wording_zh'),
    wordingEn: text('wording_en'),
    /** Grows whenever it ships or is declined: who was told of what. */
    round: integer('round').notNull().default(0),
    isHeld: boolean('is_held').notNull().default(false),
    mergedInto: uuid('merged_into'),
    endedAt: at('ended_at'),
    count: integer('count').notNull().default(0),
    /** Sum of the vectors in `sum_space`; null: to be made anew. */
    sum: bytea('sum'),
    sumSpace: uuid('sum_space'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('feedback_themes_count')
      .on(table.count, table.id)
      .where(sql`ended_at is null`),
    index('feedback_themes_stale')
      .on(table.id)
      .where(sql`ended_at is null and sum is null`),
  ],
)

/** What became of themes, and who did it. */
export const feedbackHistory = pgTable(
  'feedback_history',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    themeId: uuid('theme_id').notNull(),
    at: at('at').notNull(),
    /** `agent`, `key` or `system`. */
    actor: text('actor').notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name'),
    change: text('change').notNull(),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('feedback_history_theme').on(table.themeId, table.id),
    uniqueIndex('feedback_history_key').on(table.themeId, table.idempotencyKey),
  ],
)

/** Who is told that a theme shipped or was declined: one row a contact. */
export const feedbackNotices = pgTable(
  'feedback_notices',
  {
    id: uuid('id').primaryKey(),
    themeId: uuid('theme_id').notNull(),
    round: integer('round').notNull(),
    status: text('status').notNull(),
    contactId: uuid('contact_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    /** What the contact is reminded of. */
    sentence: text('sentence').notNull(),
    language: text('language').notNull(),
    wordingZh: text('wording_zh').notNull(),
    wordingEn: text('wording_en'),
    /** `planned`, `told`, `waits` or `never`. */
    state: text('state').notNull(),
    /** When told: `now`, `fallback` or `next-message`. */
    way: text('way'),
    /** Why it waits, or is never told. */
    reason: text('reason'),
    messageId: uuid('message_id'),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
  },
  (table) => [
    uniqueIndex('feedback_notices_contact').on(table.themeId, table.round, table.contactId),
    index('feedback_notices_open')
      .on(table.conversationId)
      .where(sql`state in ('planned', 'waits')`),
    index('feedback_notices_settled').on(table.settledAt),
  ],
)

/** Conversations in which the contact said to hear no more of suggestions. */
export const feedbackRefusals = pgTable('feedback_refusals', {
  conversationId: uuid('conversation_id').primaryKey(),
  messageId: uuid('message_id').notNull(),
  at: at('at').notNull(),
})
