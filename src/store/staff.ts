import { TongdaError } from '../core/errors.ts'
import type { StaffChange, StaffMember, StaffStore } from '../core/staff.ts'
import type { Ticket, TicketChange } from '../core/ticket.ts'
import { checkNotLast, toAgent, type AgentRow } from './agents.ts'
import { checkName } from './check-name.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, toJson, type Database, type Query, type Transaction } from './database.ts'
import { endSessions } from './end-sessions.ts'
import { recordAudit } from './record-audit.ts'
import { joinTeams, leaveOtherTeams } from './staff-teams.ts'
import { workingRoles } from './team-members.ts'
import { checkTeam } from './teams.ts'
import { applyChange } from './tickets.ts'

interface StaffRow extends AgentRow {
  readonly team_ids: readonly string[]
  readonly has_password: boolean
  readonly has_second_step: boolean
  readonly issuers: readonly string[]
  readonly last_seen_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly deactivated_at: Date | null
  readonly version: number
}

const fields = `a.id, a.name, a.email, a.role, a.created_at, a.updated_at, a.deactivated_at, a.version,
  a.password_hash is not null as has_password,
  array(select m.team_id from team_members m join teams t on t.id = m.team_id and t.retired_at is null
    where m.agent_id = a.id order by m.team_id) as team_ids,
  exists (select 1 from second_factors f where f.agent_id = a.id and f.confirmed_at is not null) as has_second_step,
  array(select i.issuer from agent_identities i where i.agent_id = a.id order by i.issuer) as issuers,
  (select max(s.last_seen_at) from sessions s where s.agent_id = a.id) as last_seen_at`

const toMember = (row: StaffRow): StaffMember => ({
  ...toAgent(row),
  teamIds: row.team_ids,
  hasPassword: row.has_password,
  hasSecondStep: row.has_second_step,
  issuers: row.issuers,
  ...(row.last_seen_at === null ? {} : { lastSeenAt: row.last_seen_at }),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...(row.deactivated_at === null ? {} : { deactivatedAt: row.deactivated_at }),
  version: row.version,
})

const unknown = (): TongdaError => new TongdaError('not_found', 'there is no such agent')

const find = async (query: Query, agentId: string): Promise<StaffMember> => {
  const [row] = await query<StaffRow>(`select ${fields} from agents a where a.id = $1`, [agentId])
  if (row === undefined) throw unknown()
  return toMember(row)
}

interface LockedRow extends AgentRow {
  readonly deactivated_at: Date | null
  readonly version: number
}

/** The row, locked; and with it, in one order, those of all administrators, whose number must not fall to none. */
const lock = async (query: Query, agentId: string, expectedVersion?: number): Promise<LockedRow> => {
  const rows = await query<LockedRow>(
    `select id, name, email, role, deactivated_at, version from agents
     where id = $1 or (role = 'admin' and deactivated_at is null) order by id for update`,
    [agentId],
  )
  const row = rows.find(({ id }) => id === agentId)
  if (row === undefined) throw unknown()
  checkVersion(row.version, expectedVersion)
  return row
}

const write = `
update agents set name = coalesce($2, name), role = coalesce($3, role), updated_at = $4, version = version + 1
where id = $1`

const changeTeams = async (
  query: Query,
  member: Pick<AgentRow, 'id' | 'role'>,
  teamIds: readonly string[],
): Promise<void> => {
  if (teamIds.length > 0 && !workingRoles.some((role) => role === member.role))
    throw new TongdaError('bad_input', `the role ${member.role} works no tickets; leave its teams empty`)
  for (const teamId of teamIds) await checkTeam(query, teamId)
  await leaveOtherTeams(query, member.id, teamIds)
  await joinTeams(query, member, teamIds)
}

const change = async (
  query: Transaction,
  agentId: string,
  { facts, now }: { readonly facts: StaffChange; readonly now: Date },
): Promise<StaffMember> => {
  const { name, role, teamIds, expectedVersion } = facts
  const before = await lock(query, agentId, expectedVersion)
  const next = role ?? before.role
  if (next !== before.role && before.deactivated_at === null) await checkNotLast(query, before)
  if (name !== undefined) await checkName(query, name.trim(), agentId)
  await query(write, [agentId, name?.trim(), role, now])
  // What was allowed before must not live on in an open session, nor in a team that such a role has no place in.
  if (next !== before.role) await endSessions(query, agentId)
  const works = workingRoles.some((working) => working === next)
  if (teamIds !== undefined) await changeTeams(query, { id: agentId, role: next }, teamIds)
  else if (!works) await leaveOtherTeams(query, agentId, [])
  if (name !== undefined && name.trim() !== before.name)
    await recordAudit(query, {
      ...{ act: 'person.changed', object: { kind: 'agent', id: agentId } },
      detail: { name: name.trim() },
    })
  if (next !== before.role)
    await recordAudit(query, {
      ...{ act: 'role.changed', object: { kind: 'agent', id: agentId } },
      detail: { from: before.role, role: next },
    })
  return find(query, agentId)
}

const listTickets = `
select t.id, t.version from tickets t
where t.assignee_id = $1 and t.state in ('new', 'open', 'pending') order by t.number for no key update of t`

/** Gives what somebody had back to the queue. */
const giveBack = async (
  query: Transaction,
  agentId: string,
  { dialogue, now }: { readonly dialogue: string; readonly now: Date },
): Promise<readonly string[]> => {
  const had = await query<{ id: string; version: number }>(listTickets, [agentId])
  const given: Ticket[] = []
  for (const { id: ticketId, version } of had) {
    const one: TicketChange = {
      ticketId,
      expectedVersion: version,
      actor: { author: 'system', rule: 'agent-deactivated' },
      change: 'unassigned',
      detail: {},
      set: { assigneeId: null, queuedAt: now, mode: 'human' },
    }
    given.push(await applyChange(query, one, dialogue, now))
  }
  return given.map(({ id }) => id)
}

const leave = `
update agents set deactivated_at = $2, updated_at = $2, version = version + 1 where id = $1`
const goOffline = `
update presence set availability = 'offline', automatic = false, since = $2
where agent_id = $1 and availability <> 'offline'`

interface Leaving {
  readonly dialogue: string
  readonly now: Date
  readonly expectedVersion: number | undefined
}

const deactivate = async (
  query: Transaction,
  agentId: string,
  { dialogue, now, expectedVersion }: Leaving,
): ReturnType<StaffStore['deactivate']> => {
  const before = await lock(query, agentId, expectedVersion)
  if (before.deactivated_at !== null) return { member: await find(query, agentId), ticketIds: [] }
  await checkNotLast(query, before)
  await query(leave, [agentId, now])
  await endSessions(query, agentId)
  await query('delete from sign_in_links where agent_id = $1', [agentId])
  await query(goOffline, [agentId, now])
  const ticketIds = await giveBack(query, agentId, { dialogue, now })
  await recordAudit(query, {
    ...{ act: 'person.deactivated', object: { kind: 'agent', id: agentId } },
    detail: { name: before.name, tickets: ticketIds.length },
  })
  return { member: await find(query, agentId), ticketIds }
}

const reactivate = async (
  query: Transaction,
  agentId: string,
  { now, expectedVersion }: Omit<Leaving, 'dialogue'>,
): Promise<StaffMember> => {
  const before = await lock(query, agentId, expectedVersion)
  if (before.deactivated_at !== null) {
    await query(
      'update agents set deactivated_at = null, updated_at = $2, version = version + 1 where id = $1',
      [agentId, now],
    )
    await recordAudit(query, {
      ...{ act: 'person.reactivated', object: { kind: 'agent', id: agentId } },
      detail: { name: before.name },
    })
  }
  return find(query, agentId)
}

const list = `
select ${fields} from agents a where $1 or a.deactivated_at is null order by a.name, a.id`

/** The people who may sign in, as administrators see them, on one database. `freshDialogue` as for the ticket store. */
export const createStaffStore = (database: Database, freshDialogue: unknown): StaffStore => {
  const dialogue = toJson(freshDialogue)
  const within = <Result>(work: (query: Transaction) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    list: async ({ deactivated }) => (await database.query<StaffRow>(list, [deactivated])).map(toMember),
    get: (agentId) => find(database.query, agentId),
    change: (agentId, facts, now) => within((query) => change(query, agentId, { facts, now })),
    deactivate: (agentId, now, expectedVersion) =>
      within((query) => deactivate(query, agentId, { dialogue, now, expectedVersion })),
    reactivate: (agentId, now, expectedVersion) =>
      within((query) => reactivate(query, agentId, { now, expectedVersion })),
  }
}
