import { v4 as uuid } from 'uuid'
import type { PasswordStore, SessionStore, SignInLinkStore, SignInStores } from '../core/sign-in.ts'
import { normaliseEmail, toAgent, type AgentRow } from './agents.ts'
import type { Database } from './database.ts'

interface SessionRow extends AgentRow {
  readonly session_id: string
  readonly created_at: Date
  readonly updated_at: Date
  readonly expires_at: Date
}

// A session's id says how it began, as `link_…` or `password_…`; its token is kept hashed only.
const createSessionStore = (database: Database): SessionStore => ({
  create: async (session) => {
    await database.query('delete from sessions where expires_at <= $1', [session.createdAt])
    await database.query(
      `insert into sessions (id, token, agent_id, expires_at, ip_address, user_agent, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [
        `${session.by}_${uuid()}`,
        session.tokenHash,
        session.agentId,
        session.expiresAt,
        session.address,
        session.userAgent,
        session.createdAt,
      ],
    )
  },
  find: async (tokenHash) => {
    const [row] = await database.query<SessionRow>(
      `select a.id, a.name, a.email, a.role, s.id as session_id, s.created_at, s.updated_at, s.expires_at
       from sessions s join agents a on a.id = s.agent_id where s.token = $1`,
      [tokenHash],
    )
    if (row === undefined) return undefined
    return {
      agent: toAgent(row),
      by: row.session_id.startsWith('link_') ? 'link' : 'password',
      createdAt: row.created_at,
      lastSeenAt: row.updated_at,
      expiresAt: row.expires_at,
    }
  },
  touch: async (tokenHash, now) => {
    await database.query('update sessions set updated_at = $2 where token = $1', [tokenHash, now])
  },
  end: async (tokenHash) => {
    await database.query('delete from sessions where token = $1', [tokenHash])
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
    const [row] = await database.query<{ id: string; password: string | null }>(
      `select a.id, c.password from agents a
       left join accounts c on c.agent_id = a.id and c.provider_id = 'password' where a.email = $1`,
      [normaliseEmail(email)],
    )
    if (row === undefined) return undefined
    return { agentId: row.id, ...(row.password === null ? {} : { hash: row.password }) }
  },
  set: (agentId, hash, now) =>
    database.transaction(async (within) => {
      await within(
        `insert into accounts (id, account_id, provider_id, agent_id, password, created_at, updated_at)
         values ($1, $2, 'password', $2, $3, $4, $4)
         on conflict (id) do update set password = excluded.password, updated_at = excluded.updated_at`,
        [`password_${agentId}`, agentId, hash, now],
      )
      await within('delete from sessions where agent_id = $1', [agentId])
    }),
})

/** Sessions, one-time links and password hashes, on one database. */
export const createSignInStores = (database: Database): SignInStores => ({
  sessions: createSessionStore(database),
  links: createLinkStore(database),
  passwords: createPasswordStore(database),
})
