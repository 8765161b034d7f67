import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
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
import { tickets } from './schema-tickets.ts'

/** Complaint cases, one a ticket. Who complained is the ticket's contact. */
export const complaintCases = pgTable(
  'complaint_cases',
  {
    id: uuid('id').primaryKey(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    /** 2 once it was appealed. */
    round: integer('round').notNull().default(1),
    objects: jsonb('objects').notNull(),
    rights: jsonb('rights'),
    /** Whether the reporter showed who they are. */
    identity: jsonb('identity'),
    deadlines: jsonb('deadlines').notNull(),
    /** The soonest of the deadlines. */
    dueAt: at('due_at').notNull(),
    /** Waits behind the others. */
    slowed: boolean('slowed').notNull().default(false),
    appealUntil: at('appeal_until'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('complaint_cases_ticket').on(table.ticketId),
    index('complaint_cases_queue').on(table.slowed, table.dueAt, table.id),
    index('complaint_cases_appeal')
      .on(table.appealUntil)
      .where(sql`state = 'decided'`),
    index('complaint_cases_identity_wanted')
      .on(table.createdAt)
      .where(sql`identity ->> 'state' = 'wanted'`),
  ],
)

/** One-time codes sent to reporters. The codes themselves are reckoned from the id, and kept nowhere. */
export const identityChecks = pgTable(
  'identity_checks',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    /** Where the answer is awaited. */
    conversationId: uuid('conversation_id').notNull(),
    address: text('address').notNull(),
    /** `open`, `verified`, `failed`, `expired` or `replaced`. */
    state: text('state').notNull(),
    /** Wrong codes so far. */
    tries: integer('tries').notNull().default(0),
    /** Messages up to this one are looked at. */
    seenSeq: integer('seen_seq').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    queuedAt: at('queued_at'),
    sentAt: at('sent_at'),
  },
  (table) => [
    // Of a case one code can be answered, whatever several nodes believe.
    uniqueIndex('identity_checks_open')
      .on(table.caseId)
      .where(sql`state = 'open'`),
    index('identity_checks_case').on(table.caseId, table.createdAt),
    index('identity_checks_recent').on(table.createdAt),
    index('identity_checks_address').on(table.address, table.createdAt),
  ],
)

/** What is reported, by the key that is the same for every way of naming it. */
export const complaintObjects = pgTable(
  'complaint_objects',
  {
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    objectKey: text('object_key').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.objectKey] }),
    index('complaint_objects_key').on(table.objectKey),
  ],
)

/** All reports of one object. */
export const complaintGroups = pgTable('complaint_groups', {
  objectKey: text('object_key').primaryKey(),
  firstAt: at('first_at').notNull(),
  lastAt: at('last_at').notNull(),
  /** Since when its reports look coordinated. */
  flaggedAt: at('flagged_at'),
})

/** Files that prove something; the bytes lie with the files of messages. */
export const caseEvidence = pgTable(
  'case_evidence',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    mediaId: uuid('media_id').notNull(),
    name: text('name'),
    contentType: text('content_type').notNull(),
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    /** Of the bytes as they were handed in. */
    sentSha256: text('sent_sha256'),
    description: text('description'),
    /** `reporter` or `reported`. */
    side: text('side').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: at('added_at').notNull(),
  },
  (table) => [
    uniqueIndex('case_evidence_file').on(table.caseId, table.sha256),
    index('case_evidence_media').on(table.mediaId),
  ],
)

/** Decisions: proposed, effective or rejected. */
export const caseDecisions = pgTable(
  'case_decisions',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    round: integer('round').notNull(),
    verdict: text('verdict').notNull(),
    reason: text('reason').notNull(),
    policyVersion: text('policy_version').notNull(),
    reasonTitle: jsonb('reason_title').notNull(),
    note: text('note'),
    hours: integer('hours'),
    toReported: text('to_reported'),
    state: text('state').notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedByName: text('proposed_by_name').notNull(),
    proposedAt: at('proposed_at').notNull(),
    settledBy: text('settled_by'),
    settledByName: text('settled_by_name'),
    settledAt: at('settled_at'),
  },
  (table) => [
    index('case_decisions_case').on(table.caseId, table.proposedAt),
    // Of a case one decision waits for a second person, whatever several nodes believe.
    uniqueIndex('case_decisions_proposed')
      .on(table.caseId)
      .where(sql`state = 'proposed'`),
    index('case_decisions_settled')
      .on(table.settledAt)
      .where(sql`state = 'effective'`),
  ],
)

/** What the moderation system is asked for. */
export const caseActions = pgTable(
  'case_actions',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    decisionId: uuid('decision_id')
      .notNull()
      .references(() => caseDecisions.id),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    lifts: uuid('lifts'),
    /** What goes to the moderation system. */
    facts: jsonb('facts').notNull(),
    requests: integer('requests').notNull().default(1),
    requestedAt: at('requested_at').notNull(),
    settledAt: at('settled_at'),
    reference: text('reference'),
    problem: text('problem'),
  },
  (table) => [index('case_actions_case').on(table.caseId, table.requestedAt)],
)

/** What each side was told. */
export const caseNotices = pgTable(
  'case_notices',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    side: text('side').notNull(),
    about: text('about').notNull(),
    words: jsonb('words').notNull(),
    messageId: uuid('message_id'),
    at: at('at').notNull(),
  },
  (table) => [index('case_notices_case').on(table.caseId, table.at)],
)

/** A case's history; only ever added to. */
export const caseEvents = pgTable(
  'case_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => complaintCases.id),
    at: at('at').notNull(),
    /** `agent`, `program` or `system`. */
    actor: text('actor').notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name'),
    change: text('change').notNull(),
    detail: jsonb('detail').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [
    index('case_events_case').on(table.caseId, table.id),
    uniqueIndex('case_events_idempotency').on(table.caseId, table.idempotencyKey),
  ],
)
