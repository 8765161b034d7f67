import { sql } from 'drizzle-orm'
import {
  bigint,
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

/** A person; her addresses are in `contact_identities`. */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid('id').primaryKey(),
    displayName: text('display_name').notNull().default(''),
    /** How the brand ranks the person, e.g. `vip`. */
    tier: text('tier'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** The contact this one turned out to be; its addresses are there until that is undone. */
    mergedInto: uuid('merged_into'),
    /** When all that was known of the person was erased; the row stays so that nothing comes back under its id. */
    erasedAt: at('erased_at'),
  },
  (table) => [index('contacts_name').on(sql`lower(${table.displayName}) text_pattern_ops`)],
)

/** One address of a contact on one inbox: openid, visitor id, mail address. */
export const contactIdentities = pgTable(
  'contact_identities',
  {
    inboxId: text('inbox_id').notNull(),
    contactKey: text('contact_key').notNull(),
    contactId: uuid('contact_id').notNull(),
    unionKey: text('union_key'),
    displayName: text('display_name').notNull().default(''),
    /** The contact agreed to get answers here that cannot reach them where they asked. */
    fallback: boolean('fallback').notNull().default(false),
    /** The picture the provider shows of the person, in `media`. */
    avatarMediaId: uuid('avatar_media_id'),
    /** When the provider was last asked for it. */
    avatarCheckedAt: at('avatar_checked_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.inboxId, table.contactKey] }),
    index('contact_identities_contact').on(table.contactId),
    index('contact_identities_name').on(sql`lower(${table.displayName}) text_pattern_ops`),
    index('contact_identities_key').on(sql`lower(${table.contactKey}) text_pattern_ops`),
    index('contact_identities_union')
      .on(table.unionKey)
      .where(sql`union_key is not null`),
  ],
)

/** Contacts that turned out to be one person, with what was moved, so that it can be moved back. */
export const contactMerges = pgTable(
  'contact_merges',
  {
    id: uuid('id').primaryKey(),
    fromContactId: uuid('from_contact_id').notNull(),
    intoContactId: uuid('into_contact_id').notNull(),
    at: at('at').notNull(),
    /** `union` or `agent`. */
    reason: text('reason').notNull(),
    agentId: text('agent_id'),
    moved: jsonb('moved').notNull(),
    undoneAt: at('undone_at'),
  },
  (table) => [index('contact_merges_into').on(table.intoContactId)],
)

/**
 * A contact on an inbox. Carries its own queue state: `ready_at` says when a worker should look,
 * `fence` grows with every lease so that a worker who lost its lease cannot write.
 */
export const conversations = pgTable(
  'conversations',
  {
    id: uuid('id').primaryKey(),
    inboxId: text('inbox_id').notNull(),
    channel: text('channel').notNull(),
    threadKey: text('thread_key').notNull(),
    contactKey: text('contact_key').notNull(),
    accountKey: text('account_key'),
    contactId: uuid('contact_id')
      .notNull()
      .references(() => contacts.id),
    mode: text('mode').notNull().default('bot'),
    dialogue: jsonb('dialogue').notNull(),
    /** Open allowances: `{ message: { left, until } }`; null: the channel has none. */
    quota: jsonb('quota'),
    lastSeq: integer('last_seq').notNull().default(0),
    pending: integer('pending').notNull().default(0),
    readyAt: at('ready_at'),
    settleUntil: at('settle_until'),
    leaseOwner: text('lease_owner'),
    leaseUntil: at('lease_until'),
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
    lastInboundAt: at('last_inbound_at'),
    createdAt: at('created_at').notNull(),
    /** When its contact was erased: nothing is written into it any more. */
    erasedAt: at('erased_at'),
  },
  (table) => [
    uniqueIndex('conversations_thread').on(table.inboxId, table.threadKey),
    index('conversations_ready')
      .on(table.readyAt)
      .where(sql`ready_at is not null`),
    index('conversations_contact').on(table.contactId),
    index('conversations_form')
      .on(sql`(dialogue -> 'form' ->> 'until')`)
      .where(sql`dialogue -> 'form' is not null`),
  ],
)

/** Everything said or noted. Inbound rows are the transactional inbox: the unique dedup key makes a retry harmless. */
export const messages = pgTable(
  'messages',
  {
    id: uuid('id').primaryKey(),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    seq: integer('seq').notNull(),
    inboxId: text('inbox_id').notNull(),
    dedupKey: text('dedup_key'),
    direction: text('direction').notNull(),
    author: text('author').notNull(),
    agentId: text('agent_id'),
    parts: jsonb('parts').notNull(),
    providerId: text('provider_id'),
    sentAt: at('sent_at').notNull(),
    createdAt: at('created_at').notNull(),
    pending: boolean('pending').notNull().default(false),
    wantsReply: boolean('wants_reply').notNull().default(true),
    mayContinue: boolean('may_continue').notNull().default(false),
    passiveUntil: at('passive_until'),
    decision: jsonb('decision'),
    /** How often files that were not there when the message came were fetched again, and when they may be next. */
    mediaTries: integer('media_tries').notNull().default(0),
    mediaRetryAt: at('media_retry_at'),
  },
  (table) => [
    uniqueIndex('messages_seq').on(table.conversationId, table.seq),
    uniqueIndex('messages_dedup').on(table.inboxId, table.dedupKey),
    index('messages_pending')
      .on(table.conversationId)
      .where(sql`pending`),
    index('messages_media_pending')
      .on(table.inboxId, table.createdAt)
      .where(sql`jsonb_path_exists(parts, '$[*].*.failure ? (@ == "pending")')`),
    index('messages_decided')
      .on(table.createdAt)
      .where(sql`decision is not null`),
    index('messages_agent_files')
      .using('gin', sql`jsonb_path_query_array(parts, '$[*].media.mediaId')`)
      .where(sql`author = 'agent'`),
  ],
)

/** One provider message each, sent in `position` order within its conversation. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    position: bigserial('position', { mode: 'number' }).notNull(),
    messageId: uuid('message_id')
      .notNull()
      .references(() => messages.id),
    conversationId: uuid('conversation_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    author: text('author').notNull(),
    part: jsonb('part').notNull(),
    status: text('status').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull(),
    leaseOwner: text('lease_owner'),
    leaseUntil: at('lease_until'),
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
    /** The inbound message on whose request this may ride, or rode. */
    passiveFor: uuid('passive_for'),
    /** The account has no send right: this can only ride on a request. */
    passiveOnly: boolean('passive_only').notNull().default(false),
    /** `passive` or `api`: how the last attempt went. */
    via: text('via'),
    /** True once an attempt's end was unknown, or it goes out of a backup: the contact may have got it twice. */
    repeated: boolean('repeated').notNull().default(false),
    /** The provider's id of the message it answers. */
    inReplyTo: text('in_reply_to'),
    /** Which allowance pays for it, while one does. */
    paidBy: text('paid_by'),
    providerId: text('provider_id'),
    error: jsonb('error'),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
    /** The conversation's last place when it was sent; null: not sent, or before this was kept. */
    sentSeq: integer('sent_seq'),
  },
  (table) => [
    index('outbox_due')
      .on(table.nextAttemptAt)
      .where(sql`status = 'queued'`),
    index('outbox_sending')
      .on(table.leaseUntil)
      .where(sql`status = 'sending'`),
    // Of a conversation one message is on its way at a time, whatever several nodes believe.
    uniqueIndex('outbox_in_flight')
      .on(table.conversationId)
      .where(sql`status = 'sending'`),
    index('outbox_unsent')
      .on(table.conversationId, table.position)
      .where(sql`status in ('queued', 'waiting', 'sending')`),
    index('outbox_line')
      .on(table.inboxId, table.position)
      .where(sql`status in ('queued', 'sending')`),
    index('outbox_message').on(table.messageId),
    index('outbox_passive').on(table.passiveFor),
    // For reports: rows lie in the order of their creation, so that this costs a write next to nothing.
    index('outbox_created').using('brin', table.createdAt),
  ],
)

/** Every attempt to send, recorded before it is made. An attempt without end is an uncertain one. */
export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    outboxId: uuid('outbox_id')
      .notNull()
      .references(() => outbox.id),
    number: integer('number').notNull(),
    via: text('via').notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    outcome: text('outcome'),
    error: jsonb('error'),
  },
  (table) => [primaryKey({ columns: [table.outboxId, table.number] })],
)

/** Inboxes that must not send for a while, by the provider's word (daily quota). */
export const inboxPauses = pgTable('inbox_pauses', {
  inboxId: text('inbox_id').primaryKey(),
  until: at('until').notNull(),
  reason: text('reason').notNull(),
})

/** How each inbox fares on each running node, told anew every few seconds: several nodes share one database. */
export const nodeInboxes = pgTable(
  'node_inboxes',
  {
    nodeId: uuid('node_id').notNull(),
    /** Host and process, for people. */
    nodeName: text('node_name').notNull(),
    /** What the node does; one of before there were roles does all. */
    role: text('role').notNull().default('all'),
    inboxId: text('inbox_id').notNull(),
    channel: text('channel').notNull(),
    state: text('state').notNull(),
    since: at('since').notNull(),
    errorAt: at('error_at'),
    error: text('error'),
    nextTryAt: at('next_try_at'),
    seenAt: at('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.nodeId, table.inboxId] })],
)

/** Secrets made by the product itself: session keys, visitor-token keys. Encrypted at rest by the caller. */
export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
})

/** How far a channel has read its provider: what must not be read or answered twice. */
export const inboxCursors = pgTable(
  'inbox_cursors',
  {
    inboxId: text('inbox_id').notNull(),
    name: text('name').notNull(),
    value: text('value').notNull(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.inboxId, table.name] })],
)

/** Files that came with messages; the bytes lie in the media folder. */
export const media = pgTable(
  'media',
  {
    id: uuid('id').primaryKey(),
    contentType: text('content_type').notNull(),
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When an agent uploaded it, until it is said; what never is, is cleared away. */
    unsentSince: at('unsent_since'),
  },
  (table) => [
    index('media_unsent')
      .on(table.unsentSince)
      .where(sql`unsent_since is not null`),
  ],
)

/** The people who may sign in to the desk. */
export const agents = pgTable('agents', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  role: text('role').notNull(),
  /** argon2id; null: signs in by one-time links only. */
  passwordHash: text('password_hash'),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
  /** Signs in no more, and is given nothing. */
  deactivatedAt: at('deactivated_at'),
  version: integer('version').notNull().default(1),
})

/** Signed-in browsers; only the hash of the token is kept. */
export const sessions = pgTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    /** What it is called in lists. */
    id: uuid('id').notNull().unique().defaultRandom(),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    /** How it began: `link`, `password`, `provider` or `invitation`. */
    method: text('method').notNull(),
    /** How the second step was taken: `code`, `recovery` or `provider`; null: there was none. */
    secondStep: text('second_step'),
    /** Which identity provider it was, if it was one. */
    provider: text('provider'),
    address: text('address').notNull(),
    userAgent: text('user_agent').notNull(),
    createdAt: at('created_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('sessions_agent').on(table.agentId)],
)

/** One-time sign-in links; only the hash is kept. */
export const signInLinks = pgTable('sign_in_links', {
  tokenHash: text('token_hash').primaryKey(),
  agentId: text('agent_id')
    .notNull()
    .references(() => agents.id, { onDelete: 'cascade' }),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
  createdAt: at('created_at').notNull().defaultNow(),
})
