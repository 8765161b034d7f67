import { initialDialogue } from '../core/conversation.ts'
import type { PasswordStore, SignInLinkStore, SignInRefusals, SignInStores } from '../core/sign-in.ts'
import { normaliseEmail } from './agents.ts'
import type { Database } from './database.ts'
import { endSessions } from './end-sessions.ts'
import { createIdentityStore, createProviderAttempts } from './identities.ts'
import { createInvitationStore } from './invitations.ts'
import { recordAudit } from './record-audit.ts'
import type { Sealing } from './sealing.ts'
import { createChallengeStore, createSecondFactorStore } from './second-factor.ts'
import { createSessionStore } from './sessions.ts'
import { createStaffStore } from './staff.ts'

const createLinkStore = (database: Database): SignInLinkStore => ({
  save: ({ tokenHash, agentId, createdAt, expiresAt }) =>
    database.transaction(async (within) => {
      await within('delete from sign_in_links where agent_id = $1 or expires_at <= $2', [agentId, createdAt])
      await within(
        'insert into sign_in_links (token_hash, agent_id, created_at, expires_at) values ($1, $2, $3, $4)',
        [tokenHash, agentId, createdAt, expiresAt],
      )
      await recordAudit(within, { act: 'link.created', object: { kind: 'agent', id: agentId } })
    }),
  consume: async (tokenHash, now) => {
    const [row] = await database.query<{ agent_id: string }>(
      `update sign_in_links l set used_at = $2 from agents a
       where token_hash = $1 and used_at is null and expires_at > $2
         and a.id = l.agent_id and a.deactivated_at is null returning agent_id`,
      [tokenHash, now],
    )
    return row?.agent_id
  },
})

const createPasswordStore = (database: Database): PasswordStore => ({
  find: async (email) => {
    const [row] = await database.query<{ id: string; password_hash: string | null }>(
      'select id, password_hash from agents where email = $1 and deactivated_at is null',
      [normaliseEmail(email)],
    )
    if (row === undefined) return undefined
    return { agentId: row.id, ...(row.password_hash === null ? {} : { hash: row.password_hash }) }
  },
  set: (agentId, hash, now) =>
    database.transaction(async (within) => {
      await within('update agents set password_hash = $2, updated_at = $3 where id = $1', [
        agentId,
        hash,
        now,
      ])
      await endSessions(within, agentId)
      await recordAudit(within, { act: 'password.set', object: { kind: 'agent', id: agentId } })
    }),
})

const createRefusals = ({ query }: Database): SignInRefusals => ({
  record: ({ by, address, agentId, step }) =>
    recordAudit(query, {
      act: 'session.refused',
      ...(agentId === undefined ? {} : { object: { kind: 'agent', id: agentId } }),
      detail: { by, ...(step === undefined ? {} : { step }) },
      actor: { kind: 'system', id: 'product', address },
    }),
})

/** Sessions, one-time links, password hashes and second steps, on one database; secrets of apps are sealed. */
export const createSignInStores = (database: Database, sealing: Sealing): SignInStores => ({
  sessions: createSessionStore(database),
  links: createLinkStore(database),
  passwords: createPasswordStore(database),
  refusals: createRefusals(database),
  secondFactors: createSecondFactorStore(database, sealing),
  challenges: createChallengeStore(database),
  invitations: createInvitationStore(database),
  identities: createIdentityStore(database),
  attempts: createProviderAttempts(database, sealing),
  staff: createStaffStore(database, initialDialogue),
})
