import { validate } from 'uuid'
import { initialDialogue } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type { SecondStep, SignInMethod } from '../core/sign-in-ways.ts'
import type {
  PasswordStore,
  Session,
  SessionStore,
  SignInLinkStore,
  SignInRefusals,
  SignInStores,
} from '../core/sign-in.ts'
import { normaliseEmail, toAgent, type AgentRow } from './agents.ts'
import type { Database, Query, Row } from './database.ts'
import { endSessions } from './end-sessions.ts'
import { createIdentityStore, createProviderAttempts } from './identities.ts'
import { createInvitationStore } from './invitations.ts'
import { recordAudit } from './record-audit.ts'
import type { Sealing } from './sealing.ts'
import { createStaffStore } from './staff.ts'
import { createChallengeStore, createSecondFactorStore } from './second-factor.ts'

interface SessionFacts extends Row {
  readonly session_id: string
  readonly method: SignInMethod
  readonly second_step: SecondStep | null
  readonly provider: string | null
  readonly created_at: Date
  readonly last_seen_at: Date
  readonly expires_at: Date
}
type SessionRow = SessionFacts & AgentRow
interface ListedRow extends SessionFacts {
  readonly address: string
  readonly user_agent: string
}

const facts = 's.id as session_id, s.method, s.second_step, s.provider, s.created_at, s.last_seen_at, s.expires_at'

const toFacts = (row: SessionFacts): Omit<Session, 'agent'> => ({
  id: row.session_id,
  by: row.method,
  ...(row.second_step === null ? {} : { secondStep: row.second_step }),
  ...(row.provider === null ? {} : { provider: row.provider }),
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
})

// Whoever is deactivated meanwhile waits for this, or this for them: no session outlives its agent.
const insertSession = `
insert into sessions
  (token_hash, agent_id, method, second_step, provider, expires_at, address, user_agent, created_at, last_seen_at)
select $1, id, $3, $4, $5, $6, $7, $8, $9, $9 from agents where id = $2 and deactivated_at is null for share
returning id`

const listSessions = `
select ${facts}, s.address, s.user_agent from sessions s
where s.agent_id = $1 and s.expires_at > $2 and s.last_seen_at > $3 order by s.last_seen_at desc, s.id`

const recordRevoked = (query: Query, agentId: string, count: number): Promise<void> =>
  recordAudit(query, { act: 'session.revoked', object: { kind: 'agent', id: agentId }, detail: { count } })

const createSessionStore = (database: Database): SessionStore => ({
  create: (session) =>
    database.transaction(async (within) => {
      const { tokenHash, agentId, by, secondStep, provider, expiresAt, address, userAgent, createdAt } = session
      await within('delete from sessions where expires_at <= $1', [createdAt])
      const begun = await within(insertSession, [
        ...[tokenHash, agentId, by, secondStep, provider, expiresAt, address, userAgent, createdAt],
      ])
      if (begun.length === 0)
        throw new TongdaError('forbidden', 'this person does not sign in any more; ask an administrator')
      await recordAudit(within, {
        act: 'session.started',
        object: { kind: 'agent', id: agentId },
        detail: {
          by,
          ...(secondStep === undefined ? {} : { secondStep }),
          ...(provider === undefined ? {} : { provider }),
        },
        actor: { kind: 'agent', id: agentId, address },
      })
    }),
  find: async (tokenHash) => {
    const [row] = await database.query<SessionRow>(
      `select a.id, a.name, a.email, a.role, ${facts} from sessions s
       join agents a on a.id = s.agent_id and a.deactivated_at is null where s.token_hash = $1`,
      [tokenHash],
    )
    return row === undefined ? undefined : { ...toFacts(row), agent: toAgent(row) }
  },
  touch: async (tokenHash, now) => {
    await database.query('update sessions set last_seen_at = $2 where token_hash = $1', [tokenHash, now])
  },
  end: async (tokenHash) => {
    await database.query('delete from sessions where token_hash = $1', [tokenHash])
  },
  list: async (agentId, { now, usedAfter }) =>
    (await database.query<ListedRow>(listSessions, [agentId, now, usedAfter])).map((row) => ({
      ...toFacts(row),
      address: row.address,
      userAgent: row.user_agent,
    })),
  revoke: (agentId, sessionId) =>
    database.transaction(async (within) => {
      const gone = validate(sessionId)
        ? await within('delete from sessions where agent_id = $1 and id = $2 returning id', [
            agentId,
            sessionId,
          ])
        : []
      if (gone.length === 0)
        throw new TongdaError('not_found', 'there is no such session; it may have ended already')
      await recordRevoked(within, agentId, 1)
    }),
  revokeOthers: (agentId, except) =>
    database.transaction(async (within) => {
      const gone = await within(
        'delete from sessions where agent_id = $1 and ($2::uuid is null or id <> $2::uuid) returning id',
        [agentId, except],
      )
      // Nor may a first step that was taken elsewhere be followed by its second.
      await within('delete from sign_in_challenges where agent_id = $1', [agentId])
      if (gone.length > 0) await recordRevoked(within, agentId, gone.length)
      return gone.length
    }),
})

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
