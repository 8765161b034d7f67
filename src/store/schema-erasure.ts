import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Copies of what is known of a contact, made on request. The archive lies in pieces with the files of messages. */
export const contactExports = pgTable(
  'contact_exports',
  {
    id: uuid('id').primaryKey(),
    contactId: uuid('contact_id').notNull(),
    reason: text('reason').notNull(),
    /** `waiting`, `ready`, `failed` or `expired`. */
    state: text('state').notNull(),
    requestedBy: jsonb('requested_by').notNull(),
    requestedAt: at('requested_at').notNull(),
    readyAt: at('ready_at'),
    /** Until when it can be taken. */
    expiresAt: at('expires_at'),
    bytes: bigint('bytes', { mode: 'number' }),
    pieces: integer('pieces'),
  },
  (table) => [
    index('contact_exports_contact').on(table.contactId),
    index('contact_exports_expiry')
      .on(table.expiresAt)
      .where(sql`state = 'ready'`),
  ],
)

/** Contacts that are to be, or were, erased. */
export const contactErasures = pgTable(
  'contact_erasures',
  {
    id: uuid('id').primaryKey(),
    contactId: uuid('contact_id').notNull(),
    /** The contact, and those that were merged into it. */
    contacts: uuid('contacts').array().notNull(),
    reason: text('reason').notNull(),
    /** `planned`, `confirmed`, `done` or `cancelled`. */
    state: text('state').notNull(),
    /** What was there when it was confirmed: how many rows of what go and stay. */
    lines: jsonb('lines').notNull().default([]),
    plannedBy: jsonb('planned_by').notNull(),
    plannedAt: at('planned_at').notNull(),
    confirmedBy: jsonb('confirmed_by'),
    confirmedAt: at('confirmed_at'),
    doneAt: at('done_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    // Of a contact one erasure is under way, whatever several people believe.
    uniqueIndex('contact_erasures_open')
      .on(table.contactId)
      .where(sql`state in ('planned', 'confirmed')`),
    index('contact_erasures_contacts').using('gin', table.contacts),
  ],
)

/** What must not be erased or retired, because a court, an authority or a dispute needs it. */
export const legalHolds = pgTable(
  'legal_holds',
  {
    id: uuid('id').primaryKey(),
    /** `contact`, `ticket` or `complaint`. */
    objectKind: text('object_kind').notNull(),
    objectId: uuid('object_id').notNull(),
    reason: text('reason').notNull(),
    setBy: jsonb('set_by').notNull(),
    setAt: at('set_at').notNull(),
    liftedBy: jsonb('lifted_by'),
    liftedAt: at('lifted_at'),
    liftReason: text('lift_reason'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('legal_holds_standing')
      .on(table.objectId)
      .where(sql`lifted_at is null`),
    index('legal_holds_set').on(table.setAt, table.id),
  ],
)

/** Hashes of erased messages' keys: a provider that sends one once more does not bring it back. */
export const erasedMessages = pgTable(
  'erased_messages',
  {
    digest: text('digest').primaryKey(),
    until: at('until').notNull(),
  },
  (table) => [index('erased_messages_until').on(table.until)],
)
