import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { agents } from './schema.ts'

/** The second step of an agent's sign-in: a secret shared with an app that shows codes. */
export const secondFactors = pgTable('second_factors', {
  agentId: text('agent_id')
    .primaryKey()
    .references(() => agents.id, { onDelete: 'cascade' }),
  /** Encrypted. */
  secret: text('secret').notNull(),
  createdAt: at('created_at').notNull(),
  /** Null: begun, and not yet proven by a code. */
  confirmedAt: at('confirmed_at'),
  /** The half minute of the last code that was taken: neither it nor an older one is taken again. */
  lastStep: bigint('last_step', { mode: 'number' }),
})

/** What lets an agent in without their app; each once, only hashes are kept. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    createdAt: at('created_at').notNull(),
    usedAt: at('used_at'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.codeHash] })],
)

/** Who has taken the first step of signing in and owes the second. Only the hash of the token is kept. */
export const signInChallenges = pgTable(
  'sign_in_challenges',
  {
    tokenHash: text('token_hash').primaryKey(),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    /** How the first step was taken. */
    method: text('method').notNull(),
    /** Which identity provider it was, if it was one. */
    provider: text('provider'),
    /** Hash of what the browser calls itself. */
    browser: text('browser').notNull(),
    tries: integer('tries').notNull().default(0),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('sign_in_challenges_agent').on(table.agentId)],
)

/** Sign-ins that have left for an identity provider. Only the hash of `state` is kept. */
export const providerAttempts = pgTable('provider_attempts', {
  stateHash: text('state_hash').primaryKey(),
  provider: text('provider').notNull(),
  nonce: text('nonce').notNull(),
  /** Encrypted. */
  verifier: text('verifier').notNull(),
  browserHash: text('browser_hash').notNull(),
  invitationHash: text('invitation_hash'),
  wanted: text('wanted'),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
})

/** Accounts at identity providers that agents sign in with. */
export const agentIdentities = pgTable(
  'agent_identities',
  {
    issuer: text('issuer').notNull(),
    /** The provider's own id of the person, which never changes. */
    subject: text('subject').notNull(),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    linkedAt: at('linked_at').notNull(),
    lastUsedAt: at('last_used_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    // One person has one account at a provider: a second one that shows the same address is refused.
    uniqueIndex('agent_identities_agent').on(table.agentId, table.issuer),
  ],
)

/** Colleagues to be. The newest link alone counts, and only its hash is kept. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').primaryKey(),
    email: text('email').notNull(),
    /** As whoever invited wrote it; they may change it. */
    name: text('name'),
    role: text('role').notNull(),
    teamIds: uuid('team_ids').array().notNull(),
    tokenHash: text('token_hash').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    acceptedAt: at('accepted_at'),
    agentId: text('agent_id').references(() => agents.id),
    withdrawnAt: at('withdrawn_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('invitations_token').on(table.tokenHash),
    uniqueIndex('invitations_open')
      .on(table.email)
      .where(sql`accepted_at is null and withdrawn_at is null`),
    index('invitations_created').on(table.createdAt),
  ],
)
