import { sql } from 'drizzle-orm'
import {
  bigserial,
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
import { conversations } from './schema.ts'

export const ticketNumbers = pgSequence('ticket_numbers', { startWith: 1001 })

/** Work owed to a contact. */
export const tickets = pgTable(
  'tickets',
  {
    id: uuid('id').primaryKey(),
    number: integer('number').notNull(),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    contactId: uuid('contact_id').notNull(),
    kind: text('kind').notNull(),
    topic: text('topic').notNull(),
    priority: text('priority').notNull(),
    state: text('state').notNull(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    reason: text('reason').notNull(),
    assigneeId: text('assignee_id'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    firstReplyDueAt: at('first_reply_due_at').notNull(),
    nextReplyDueAt: at('next_reply_due_at'),
    resolutionDueAt: at('resolution_due_at').notNull(),
    firstRepliedAt: at('first_replied_at'),
    solvedAt: at('solved_at'),
    closedAt: at('closed_at'),
    /** The title an agent gave it. */
    subject: text('subject'),
    tags: text('tags').array().notNull().default([]),
    /** Custom fields by name. */
    fields: jsonb('fields').notNull().default({}),
    /** For whom or what it waits, while it is `on_hold`, and until when. */
    holdReason: text('hold_reason'),
    holdUntil: at('hold_until'),
    /** The ticket it hangs under; that one hangs under none. */
    parentId: uuid('parent_id'),
    /** The ticket that goes on for both. */
    mergedInto: uuid('merged_into'),
    /** Whose queue it is in, or came from, and since when it waits there. */
    teamId: uuid('team_id'),
    queuedAt: at('queued_at'),
    version: integer('version').notNull().default(1),
    /** The soonest of what is still owed; null: nothing is, or its clocks stand still. */
    dueAt: at('due_at'),
    /** When the first of what is still owed is in danger. */
    dangerAt: at('danger_at'),
    /** Since when the clocks stand still. */
    pausedAt: at('paused_at'),
    /** What was promised, and from when on. */
    promiseTerms: jsonb('promise_terms').notNull().default([]),
    /** The version for which due times were reckoned. */
    reckonedVersion: integer('reckoned_version').notNull().default(0),
  },
  (table) => [
    uniqueIndex('tickets_number').on(table.number),
    index('tickets_contact').on(table.contactId),
    index('tickets_parent')
      .on(table.parentId)
      .where(sql`parent_id is not null`),
    index('tickets_held')
      .on(table.holdUntil)
      .where(sql`state = 'on_hold' and hold_until is not null`),
    index('tickets_solved')
      .on(table.solvedAt)
      .where(sql`state = 'solved'`),
    index('tickets_open')
      .on(table.firstReplyDueAt)
      .where(sql`state not in ('solved', 'closed')`),
    index('tickets_conversation').on(table.conversationId),
    index('tickets_updated').on(table.updatedAt),
    index('tickets_changed')
      .on(table.updatedAt)
      .where(sql`reckoned_version <> version`),
    index('tickets_due')
      .on(table.dueAt)
      .where(sql`due_at is not null`),
    // The order of the desk's views.
    index('tickets_view').on(table.dueAt, table.number),
    index('tickets_created').on(table.createdAt),
    index('tickets_tags').using('gin', table.tags),
    index('tickets_unrouted')
      .on(table.number)
      .where(sql`team_id is null and assignee_id is null and state in ('new', 'open')`),
    index('tickets_waiting')
      .on(table.teamId)
      .where(sql`team_id is not null and assignee_id is null and state in ('new', 'open')`),
    index('tickets_carried')
      .on(table.assigneeId)
      .where(sql`assignee_id is not null and state in ('new', 'open', 'pending')`),
  ],
)

/** Tickets that belong together; each pair once a kind, the one that names the other first. */
export const ticketLinks = pgTable(
  'ticket_links',
  {
    fromId: uuid('from_id')
      .notNull()
      .references(() => tickets.id),
    toId: uuid('to_id')
      .notNull()
      .references(() => tickets.id),
    /** `related`, `duplicate`, `continues` or `split`. */
    kind: text('kind').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fromId, table.toId, table.kind] }),
    index('ticket_links_to').on(table.toId),
  ],
)

/** A ticket's history: what changed, who did it, with which detail. */
export const ticketTimeline = pgTable(
  'ticket_timeline',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id),
    at: at('at').notNull(),
    actor: text('actor').notNull(),
    agentId: text('agent_id'),
    change: text('change').notNull(),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('ticket_timeline_ticket').on(table.ticketId, table.id),
    uniqueIndex('ticket_timeline_idempotency').on(table.ticketId, table.idempotencyKey),
    // For reports: lines are only ever added.
    index('ticket_timeline_at').using('brin', table.at),
  ],
)
