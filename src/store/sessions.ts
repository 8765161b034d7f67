import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { SecondStep, SignInMethod } from '../core/sign-in-ways.ts'
import type { NewSession, Session, SessionStore } from '../core/sign-in.ts'
import { toAgent, type AgentRow } from './agents.ts'
import type { Database, Query, Row } from './database.ts'
import { recordAudit } from './record-audit.ts'

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

const facts =
  's.id as session_id, s.method, s.second_step, s.provider, s.created_at, s.last_seen_at, s.expires_at'

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

const start = async (within: Query, session: NewSession): Promise<void> => {
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
}

const revoke = async (within: Query, agentId: string, sessionId: string): Promise<void> => {
  const gone = validate(sessionId)
    ? await within('delete from sessions where agent_id = $1 and id = $2 returning id', [agentId, sessionId])
    : []
  if (gone.length === 0)
    throw new TongdaError('not_found', 'there is no such session; it may have ended already')
  await recordRevoked(within, agentId, 1)
}

const revokeOthers = async (within: Query, agentId: string, except: string | undefined): Promise<number> => {
  const gone = await within(
    'delete from sessions where agent_id = $1 and ($2::uuid is null or id <> $2::uuid) returning id',
    [agentId, except],
  )
  // Nor may a first step that was taken elsewhere be followed by its second.
  await within('delete from sign_in_challenges where agent_id = $1', [agentId])
  if (gone.length > 0) await recordRevoked(within, agentId, gone.length)
  return gone.length
}

/** Sessions of signed-in agents, on one database. */
export const createSessionStore = ({ query, transaction }: Database): SessionStore => ({
  create: (session) => transaction((within) => start(within, session)),
  find: async (tokenHash) => {
    const [row] = await query<SessionRow>(
      `select a.id, a.name, a.email, a.role, ${facts} from sessions s
       join agents a on a.id = s.agent_id and a.deactivated_at is null where s.token_hash = $1`,
      [tokenHash],
    )
    return row === undefined ? undefined : { ...toFacts(row), agent: toAgent(row) }
  },
  touch: async (tokenHash, now) => {
    await query('update sessions set last_seen_at = $2 where token_hash = $1', [tokenHash, now])
  },
  end: async (tokenHash) => {
    await query('delete from sessions where token_hash = $1', [tokenHash])
  },
  list: async (agentId, { now, usedAfter }) =>
    (await query<ListedRow>(listSessions, [agentId, now, usedAfter])).map((row) => ({
      ...toFacts(row),
      address: row.address,
      userAgent: row.user_agent,
    })),
  revoke: (agentId, sessionId) => transaction((within) => revoke(within, agentId, sessionId)),
  revokeOthers: (agentId, except) => transaction((within) => revokeOthers(within, agentId, except)),
})
