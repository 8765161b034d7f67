import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

// The number of a transaction: 64 bits, never reused.
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** Keys of the public API; only the hash of the token is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    /** How the token begins, for people. */
    prefix: text('prefix').notNull(),
    tokenHash: text('token_hash').notNull(),
    scopes: text('scopes').array().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [
    uniqueIndex('api_keys_token').on(table.tokenHash),
    index('api_keys_created').on(table.createdAt),
  ],
)

/** Requests of the public API that must take effect once, and what was answered. Kept for a day. */
export const idempotentRequests = pgTable(
  'idempotent_requests',
  {
    keyHash: text('key_hash').primaryKey(),
    fingerprint: text('fingerprint').notNull(),
    /** Who works on it; another may once `lease_until` is over. */
    owner: uuid('owner').notNull(),
    leaseUntil: at('lease_until').notNull(),
    /** Null while it is worked on. */
    status: integer('status'),
    /** Encrypted: an answer may show a secret. */
    answer: text('answer'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [index('idempotent_requests_age').on(table.createdAt)],
)

/**
 * What happened, for programs outside. Ids are handed out before transactions commit, so readers go by the
 * transaction's number, and only as far as no older one is still open.
 */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).notNull(),
    tx: xid8('tx')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    type: text('type').notNull(),
    at: at('at').notNull(),
    ticketId: uuid('ticket_id'),
    conversationId: uuid('conversation_id'),
    contactId: uuid('contact_id'),
    data: jsonb('data').notNull(),
  },
  // One index, because every message writes here.
  (table) => [primaryKey({ columns: [table.tx, table.id] })],
)

/** Addresses that are told of events. */
export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: uuid('id').primaryKey(),
  url: text('url').notNull(),
  description: text('description').notNull().default(''),
  types: text('types').array().notNull(),
  /** Encrypted, the newest first; two while they are being changed. */
  secrets: text('secrets').array().notNull(),
  /** When the older secret ends. */
  oldSecretUntil: at('old_secret_until'),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  version: integer('version').notNull().default(1),
  /** Since when nothing has arrived; null: the last delivery did. */
  failingSince: at('failing_since'),
  disabledAt: at('disabled_at'),
  /** `operator`, `failing` or `gone`. */
  disabledReason: text('disabled_reason'),
  /** The last event that was made a delivery of, or passed over. */
  tx: xid8('tx').notNull(),
  eventId: bigint('event_id', { mode: 'number' }).notNull(),
})

/** One event on its way to one endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    position: bigserial('position', { mode: 'number' }).notNull(),
    /** Null: a test. */
    eventId: bigint('event_id', { mode: 'number' }),
    type: text('type').notNull(),
    /** The body, the same at every try. */
    payload: text('payload').notNull(),
    /** `pending`, `delivered` or `dead`. */
    status: text('status').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull(),
    leaseUntil: at('lease_until'),
    fence: integer('fence').notNull().default(0),
    createdAt: at('created_at').notNull(),
    attemptedAt: at('attempted_at'),
    settledAt: at('settled_at'),
    /** The last answer: status, beginning of the body; or why there was none. */
    lastStatus: integer('last_status'),
    lastBody: text('last_body'),
    lastError: text('last_error'),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_event').on(table.endpointId, table.eventId),
    index('webhook_deliveries_due')
      .on(table.endpointId, table.nextAttemptAt)
      .where(sql`status = 'pending'`),
    index('webhook_deliveries_list').on(table.endpointId, table.position),
    index('webhook_deliveries_settled')
      .on(table.settledAt)
      .where(sql`settled_at is not null`),
  ],
)

/** How far each of our own readers has read what happened. */
export const eventReaders = pgTable('event_readers', {
  name: text('name').primaryKey(),
  place: text('place').notNull(),
})
