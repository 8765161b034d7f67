import { v7 as uuid } from 'uuid'
import { roles, type Agent, type AgentDirectory, type Role } from '../core/agent.ts'
import { TongdaError } from '../core/errors.ts'
import { checkName } from './check-name.ts'
import type { Database, Query, Row } from './database.ts'
import { endSessions } from './end-sessions.ts'
import { recordAudit } from './record-audit.ts'

/** A row of `agents`. */
export interface AgentRow extends Row {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
}

/** Mail addresses are kept and compared in this form. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase()

/** Reads a role as it is stored. */
export const toRole = (word: string): Role => {
  const role = roles.find((known) => known === word)
  if (role === undefined) throw new Error(`an agent has the unknown role ${word}`)
  return role
}

/** Reads a row of `agents`. */
export const toAgent = ({ id, name, email, role }: AgentRow): Agent => ({
  id,
  name,
  email,
  role: toRole(role),
})

const fields = 'id, name, email, role'
const active = 'where deactivated_at is null'

/** Throws `conflict` when without this one nobody is left to administrate. */
export const checkNotLast = async (
  query: Query,
  { id, role }: Pick<AgentRow, 'id' | 'role'>,
): Promise<void> => {
  if (role !== 'admin') return
  const others = await query(
    "select id from agents where role = 'admin' and deactivated_at is null and id <> $1 limit 1",
    [id],
  )
  if (others.length === 0)
    throw new TongdaError('conflict', 'this is the last administrator; make somebody else one first')
}

/** The people who may sign in, on one database. */
export const createAgentDirectory = (database: Database): AgentDirectory => {
  const { query } = database
  return {
    list: async () =>
      (await query<AgentRow>(`select ${fields} from agents ${active} order by name, id`)).map(toAgent),
    findByEmail: async (email) => {
      const [row] = await query<AgentRow>(`select ${fields} from agents ${active} and email = $1`, [
        normaliseEmail(email),
      ])
      return row === undefined ? undefined : toAgent(row)
    },
    create: ({ name, email, role }) =>
      database.transaction(async (within) => {
        await checkName(within, name.trim())
        const [row] = await within<AgentRow>(
          `insert into agents (id, name, email, role) values ($1, $2, $3, $4)
         on conflict (email) do nothing returning ${fields}`,
          [uuid(), name.trim(), normaliseEmail(email), role],
        )
        if (row === undefined)
          throw new TongdaError(
            'conflict',
            'an agent with this mail address exists already; use another address',
          )
        await recordAudit(within, {
          act: 'person.added',
          object: { kind: 'agent', id: row.id },
          detail: { name: row.name, role },
        })
        return toAgent(row)
      }),
    count: async () => {
      const [row] = await query<{ count: number }>('select count(*)::int as count from agents')
      return row?.count ?? 0
    },
    setRole: (agentId, role) =>
      database.transaction(async (within) => {
        const [before] = await within<AgentRow>(`select ${fields} from agents where id = $1`, [agentId])
        if (before !== undefined && before.role !== role) await checkNotLast(within, before)
        const [row] = await within<AgentRow>(
          `update agents set role = $2, updated_at = now(), version = version + 1 where id = $1 returning ${fields}`,
          [agentId, role],
        )
        if (row === undefined) throw new TongdaError('not_found', 'there is no such agent')
        // What was allowed before must not live on in an open session.
        await endSessions(within, agentId)
        await recordAudit(within, {
          act: 'role.changed',
          object: { kind: 'agent', id: agentId },
          detail: { role },
        })
        return toAgent(row)
      }),
  }
}
