import { sql } from 'drizzle-orm'
import {
  bigserial,
  customType,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

export const incidentNumbers = pgSequence('incident_numbers', { startWith: 1 })

/** Spikes that were noticed, for supervisors to judge. */
export const spikeProposals = pgTable(
  'spike_proposals',
  {
    id: uuid('id').primaryKey(),
    /** Null: whatever the topic. */
    topic: text('topic'),
    /** Null: on every channel. */
    channel: text('channel'),
    sinceAt: at('since_at').notNull(),
    /** The numbers that explain it. */
    evidence: jsonb('evidence').notNull(),
    /** `proposed`, `dismissed` or `declared`. */
    state: text('state').notNull(),
    /** When it was calm again. */
    endedAt: at('ended_at'),
    settledAt: at('settled_at'),
    settledBy: jsonb('settled_by'),
    reason: text('reason'),
    incidentId: uuid('incident_id'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
    /** Dismissing it again with this key has no further effect. */
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('spike_proposals_open')
      .on(table.createdAt)
      .where(sql`state = 'proposed'`),
  ],
)

/** Known disturbances. */
export const incidents = pgTable(
  'incidents',
  {
    id: uuid('id').primaryKey(),
    number: integer('number').notNull(),
    /** `{ zh, en? }`, as all words here. */
    title: jsonb('title').notNull(),
    notice: jsonb('notice').notNull(),
    /** By channel. */
    channelNotices: jsonb('channel_notices').notNull().default({}),
    noticeVersion: integer('notice_version').notNull().default(1),
    /** Empty: every topic, every channel. */
    topics: text('topics').array().notNull(),
    channels: text('channels').array().notNull(),
    /** The ticket under which its reports hang, where there is one. */
    parentTicketId: uuid('parent_ticket_id'),
    spikeId: uuid('spike_id'),
    /** Since when things are wrong. */
    sinceAt: at('since_at').notNull(),
    /** `open` or `closed`. */
    state: text('state').notNull(),
    declaredAt: at('declared_at').notNull(),
    declaredBy: jsonb('declared_by').notNull(),
    closedAt: at('closed_at'),
    closedBy: jsonb('closed_by'),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
    /** Declaring it again with this key gives this one. */
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    uniqueIndex('incidents_number').on(table.number),
    uniqueIndex('incidents_key').on(table.idempotencyKey),
    index('incidents_open')
      .on(table.number)
      .where(sql`state = 'open'`),
  ],
)

/** What followers were to be told. */
export const incidentUpdates = pgTable(
  'incident_updates',
  {
    id: uuid('id').primaryKey(),
    incidentId: uuid('incident_id').notNull(),
    /** `update` or `closed`. */
    kind: text('kind').notNull(),
    wording: jsonb('wording').notNull(),
    at: at('at').notNull(),
    by: jsonb('by').notNull(),
  },
  (table) => [index('incident_updates_incident').on(table.incidentId, table.at)],
)

/** Contacts who asked to be told, or whose ticket hangs under it. */
export const incidentFollowers = pgTable(
  'incident_followers',
  {
    incidentId: uuid('incident_id').notNull(),
    contactId: uuid('contact_id').notNull(),
    /** Where they asked. */
    conversationId: uuid('conversation_id').notNull(),
    language: text('language').notNull(),
    /** `asked` or `ticket`. */
    why: text('why').notNull(),
    at: at('at').notNull(),
    /** Since when they want to hear no more. */
    leftAt: at('left_at'),
  },
  (table) => [
    primaryKey({ columns: [table.incidentId, table.contactId] }),
    index('incident_followers_conversation').on(table.conversationId),
    index('incident_followers_contact').on(table.contactId),
  ],
)

/** Which version of the notice was heard in which conversation. */
export const incidentHearings = pgTable(
  'incident_hearings',
  {
    incidentId: uuid('incident_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    noticeVersion: integer('notice_version').notNull(),
    at: at('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.incidentId, table.conversationId] }),
    index('incident_hearings_conversation').on(table.conversationId),
  ],
)

/** Tickets that hang under incidents. */
export const incidentTickets = pgTable(
  'incident_tickets',
  {
    ticketId: uuid('ticket_id').primaryKey(),
    incidentId: uuid('incident_id').notNull(),
    at: at('at').notNull(),
    /** When its history told of it. */
    notedAt: at('noted_at'),
    /** When it was seen to after the end. */
    settledAt: at('settled_at'),
    /** `solved`, `was-settled` or `refused`; `taken-out`: it does not hang there any more, and is not taken in again. */
    outcome: text('outcome'),
  },
  (table) => [
    index('incident_tickets_incident').on(table.incidentId),
    index('incident_tickets_unnoted')
      .on(table.at)
      .where(sql`noted_at is null`),
    index('incident_tickets_unsettled')
      .on(table.incidentId)
      .where(sql`settled_at is null`),
  ],
)

/** Who is told of an update: one row a contact. */
export const incidentNotices = pgTable(
  'incident_notices',
  {
    id: uuid('id').primaryKey(),
    incidentId: uuid('incident_id').notNull(),
    updateId: uuid('update_id').notNull(),
    contactId: uuid('contact_id').notNull(),
    conversationId: uuid('conversation_id').notNull(),
    language: text('language').notNull(),
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
    uniqueIndex('incident_notices_contact').on(table.updateId, table.contactId),
    index('incident_notices_incident').on(table.incidentId),
    index('incident_notices_open')
      .on(table.conversationId)
      .where(sql`state in ('planned', 'waits')`),
    index('incident_notices_planned')
      .on(table.incidentId)
      .where(sql`state = 'planned'`),
  ],
)

/** What became of incidents, and who did it. */
export const incidentHistory = pgTable(
  'incident_history',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incidentId: uuid('incident_id').notNull(),
    at: at('at').notNull(),
    actor: jsonb('actor').notNull(),
    /** `declared`, `changed`, `updated`, `hung`, `taken-out` or `closed`. */
    change: text('change').notNull(),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('incident_history_incident').on(table.incidentId, table.id),
    uniqueIndex('incident_history_key').on(table.incidentId, table.idempotencyKey),
  ],
)

/** Messages of five minutes by topic and channel. */
export const incidentCounts = pgTable(
  'incident_counts',
  {
    /** When the five minutes begin. */
    bucket: at('bucket').notNull(),
    topic: text('topic').notNull(),
    channel: text('channel').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bucket, table.topic, table.channel] })],
)

/** Where the watch for spikes goes on. */
export const spikeWatch = pgTable('spike_watch', {
  name: text('name').primaryKey(),
  /** How far what happened has been read. */
  place: text('place').notNull(),
  /** The last five minutes that were closed, counted from 1970. */
  last: integer('last'),
  /** Compressed. */
  state: bytea('state'),
  version: integer('version').notNull().default(1),
})
