import type {
  PasswordStore,
  SessionStore,
  SignInLinkStore,
  SignInMethod,
  SignInRefusals,
  SignInStores,
} from '../core/sign-in.ts'
import { normaliseEmail, toAgent, type AgentRow } from './agents.ts'
import type { Database } from './database.ts'
import { recordAudit } from './record-audit.ts'

interface SessionRow extends AgentRow {
  readonly method: SignInMethod
  readonly created_at: Date
  readonly last_seen_at: Date
  readonly expires_at: Date
}

const createSessionStore = (database: Database): SessionStore => ({
  create: (session) =>
    database.transaction(async (within) => {
      const { tokenHash, agentId, by, expiresAt, address, userAgent, createdAt } = session
      await within('delete from sessions where expires_at <= $1', [createdAt])
      await within(
        `insert into sessions (token_hash, agent_id, method, expires_at, address, user_agent, created_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)`,
        [tokenHash, agentId, by, expiresAt, address, userAgent, createdAt],
      )
      await recordAudit(within, {
        act: 'session.started',
        object: { kind: 'agent', id: agentId },
        detail: { by },
        actor: { kind: 'agent', id: agentId, address },
      })
    }),
  find: async (tokenHash) => {
    const [row] = await database.query<SessionRow>(
      `select a.id, a.name, a.email, a.role, s.method, s.created_at, s.last_seen_at, s.expires_at
       from sessions s join agents a on a.id = s.agent_id where s.token_hash = $1`,
      [tokenHash],
    )
    if (row === undefined) return undefined
    return {
      agent: toAgent(row),
      by: row.method,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
    }
  },
  touch: async (tokenHash, now) => {
    await database.query('update sessions set last_seen_at = $2 where token_hash = $1', [tokenHash, now])
  },
  end: async (tokenHash) => {
    await database.query('delete from sessions where token_hash = $1', [tokenHash])
  },
  endAll: async (agentId) => {
    await database.query('delete from sessions where agent_id = $1', [agentId])
  },
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
      `update sign_in_links set used_at = $2
       where token_hash = $1 and used_at is null and expires_at > $2 returning agent_id`,
      [tokenHash, now],
    )
    return row?.agent_id
  },
})

const createPasswordStore = (database: Database): PasswordStore => ({
  find: async (email) => {
    const [row] = await database.query<{ id: string; password_hash: string | null }>(
      'select id, password_hash from agents where email = $1',
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
      await within('delete from sessions where agent_id = $1', [agentId])
      await recordAudit(within, { act: 'password.set', object: { kind: 'agent', id: agentId } })
    }),
})

const createRefusals = ({ query }: Database): SignInRefusals => ({
  record: ({ by, address, agentId }) =>
    recordAudit(query, {
      act: 'session.refused',
      ...(agentId === undefined ? {} : { object: { kind: 'agent', id: agentId } }),
      detail: { by },
      actor: { kind: 'system', id: 'product', address },
    }),
})

/** Sessions, one-time links and password hashes, on one database. */
export const createSignInStores = (database: Database): SignInStores => ({
  sessions: createSessionStore(database),
  links: createLinkStore(database),
  passwords: createPasswordStore(database),
  refusals: createRefusals(database),
})
