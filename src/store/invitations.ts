import { v7 as uuid, validate } from 'uuid'
import type { Agent } from '../core/agent.ts'
import { TongdaError } from '../core/errors.ts'
import type { Acceptance, Invitation, InvitationStore, NewInvitation } from '../core/staff.ts'
import { normaliseEmail, toAgent, toRole, type AgentRow } from './agents.ts'
import { checkName, nameOrAddress } from './check-name.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, type Database, type Query, type Row, type Transaction } from './database.ts'
import { linkIdentity } from './identities.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'
import { joinTeams } from './staff-teams.ts'
import { checkTeam } from './teams.ts'

interface InvitationRow extends Row {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly role: string
  readonly team_ids: readonly string[]
  readonly invited_by: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly accepted_at: Date | null
  readonly agent_id: string | null
  readonly withdrawn_at: Date | null
  readonly version: number
}

const fields = `id, email, name, role, team_ids, invited_by, created_at, expires_at, accepted_at, agent_id,
  withdrawn_at, version`

const toInvitation = (row: InvitationRow): Invitation => ({
  id: row.id,
  email: row.email,
  ...(row.name === null ? {} : { name: row.name }),
  role: toRole(row.role),
  teamIds: row.team_ids,
  invitedBy: row.invited_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...(row.accepted_at === null ? {} : { acceptedAt: row.accepted_at }),
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
  version: row.version,
})

const list = `
select ${fields} from invitations
where ($1 or (accepted_at is null and withdrawn_at is null and expires_at > $2))
  and ($3::uuid is null or (created_at, id) < (select created_at, id from invitations where id = $3))
order by created_at desc, id desc limit $4`

// The link of a repeated request is a new one: nobody has seen the first, whose answer was lost.
const insert = `
insert into invitations as i
  (id, email, name, role, team_ids, token_hash, invited_by, created_at, expires_at)
values ($1, $2, $3, $4, $5::uuid[], $6, $7, $8, $9)
on conflict (id) do update set token_hash = excluded.token_hash, version = i.version + 1
where i.accepted_at is null and i.withdrawn_at is null
returning ${fields}`

const objectOf = (id: string) => ({ kind: 'invitation', id }) as const

const checkAddress = async (query: Query, email: string): Promise<void> => {
  const [agent] = await query<{ deactivated_at: Date | null }>(
    'select deactivated_at from agents where email = $1',
    [email],
  )
  if (agent === undefined) return
  throw new TongdaError(
    'conflict',
    agent.deactivated_at === null
      ? 'somebody signs in with this mail address already'
      : 'somebody with this mail address was deactivated; reactivate them instead',
  )
}

/** An open invitation that ran out makes place for a new one; one that still stands is refused. */
const replaceOld = async (query: Query, id: string, { email, createdAt }: NewInvitation): Promise<void> => {
  const open = await query<{ id: string; expires_at: Date }>(
    `select id, expires_at from invitations
     where email = $1 and id <> $2 and accepted_at is null and withdrawn_at is null for update`,
    [email, id],
  )
  for (const one of open) {
    if (one.expires_at > createdAt)
      throw new TongdaError('conflict', 'this mail address is invited already; send that one again', {
        invitationId: one.id,
      })
    await query('update invitations set withdrawn_at = $2, version = version + 1 where id = $1', [
      one.id,
      createdAt,
    ])
  }
}

const create = async (query: Transaction, wanted: NewInvitation): Promise<Invitation> => {
  const invitation = { ...wanted, email: normaliseEmail(wanted.email) }
  const id = keyedId(invitation.idempotencyKey)
  await checkAddress(query, invitation.email)
  if (invitation.name !== undefined) await checkName(query, invitation.name.trim())
  for (const teamId of invitation.teamIds) await checkTeam(query, teamId)
  await replaceOld(query, id, invitation)
  const { email, name, role, teamIds, tokenHash, invitedBy, createdAt, expiresAt } = invitation
  const [row] = await query<InvitationRow>(insert, [
    ...[id, email, name, role, [...new Set(teamIds)], tokenHash, invitedBy, createdAt, expiresAt],
  ])
  if (row === undefined) throw settled()
  await recordAudit(query, {
    act: 'invitation.created',
    object: objectOf(id),
    detail: { email, role, teamIds },
  })
  return toInvitation(row)
}

const settled = (): TongdaError =>
  new TongdaError('conflict', 'this invitation was accepted or withdrawn; invite anew')

const find = async (query: Query, id: string, locking = ''): Promise<InvitationRow> => {
  const [row] = validate(id)
    ? await query<InvitationRow>(`select ${fields} from invitations where id = $1${locking}`, [id])
    : []
  if (row === undefined)
    throw new TongdaError('not_found', 'there is no such invitation; load the list again')
  return row
}

/** The invitation while it can still be changed, locked. */
const findOpen = async (query: Query, id: string, expectedVersion?: number): Promise<InvitationRow> => {
  const row = await find(query, id, ' for update')
  checkVersion(row.version, expectedVersion)
  if (row.accepted_at !== null || row.withdrawn_at !== null) throw settled()
  return row
}

const change = async (query: Query, assignments: string, values: readonly unknown[]): Promise<Invitation> => {
  const [row] = await query<InvitationRow>(
    `update invitations set ${assignments}, version = version + 1 where id = $1 returning ${fields}`,
    [...values],
  )
  if (row === undefined) throw new Error('an invitation was not changed')
  return toInvitation(row)
}

const usable = `
select ${fields} from invitations
where token_hash = $1 and accepted_at is null and withdrawn_at is null and expires_at > $2`

const insertAgent = `
insert into agents (id, name, email, role, password_hash, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $6) on conflict (email) do nothing returning id, name, email, role`

const accept = async (
  query: Transaction,
  tokenHash: string,
  { acceptance, now }: { readonly acceptance: Acceptance; readonly now: Date },
): Promise<Agent | undefined> => {
  const [found] = await query<InvitationRow>(`${usable} for update`, [tokenHash, now])
  if (found === undefined) return undefined
  const { passwordHash, account } = acceptance
  const said = acceptance.name.trim()
  if (account === undefined) await checkName(query, said)
  const name = account === undefined ? said : await nameOrAddress(query, said, found.email)
  const [row] = await query<AgentRow>(insertAgent, [
    ...[uuid(), name, found.email, found.role, passwordHash, now],
  ])
  // Somebody was given this address meanwhile.
  if (row === undefined) return undefined
  await joinTeams(query, row, found.team_ids)
  if (account !== undefined && !(await linkIdentity(query, row.id, account, now)))
    throw new TongdaError(
      'conflict',
      'this account is a colleague’s already; sign in with it, or use another',
    )
  await change(query, 'accepted_at = $2, agent_id = $3', [found.id, now, row.id])
  await recordAudit(query, {
    ...{ act: 'invitation.accepted', object: objectOf(found.id) },
    detail: { agentId: row.id, role: row.role, by: account === undefined ? 'password' : 'provider' },
    actor: { kind: 'agent', id: row.id },
  })
  return toAgent(row)
}

/** The invitations of one database. */
export const createInvitationStore = (database: Database): InvitationStore => ({
  list: async ({ settled: all, now, before, limit }) =>
    (await database.query<InvitationRow>(list, [all, now, before, limit])).map(toInvitation),
  get: async (id) => toInvitation(await find(database.query, id)),
  create: (invitation) => retryCollisions(() => database.transaction((query) => create(query, invitation))),
  renew: (id, { tokenHash, expiresAt }, expectedVersion) =>
    database.transaction(async (query) => {
      await findOpen(query, id, expectedVersion)
      const renewed = await change(query, 'token_hash = $2, expires_at = $3', [id, tokenHash, expiresAt])
      await recordAudit(query, { act: 'invitation.resent', object: objectOf(id) })
      return renewed
    }),
  withdraw: (id, now, expectedVersion) =>
    database.transaction(async (query) => {
      const row = await find(query, id, ' for update')
      if (row.withdrawn_at !== null) return toInvitation(row)
      await findOpen(query, id, expectedVersion)
      const withdrawn = await change(query, 'withdrawn_at = $2', [id, now])
      await recordAudit(query, { act: 'invitation.withdrawn', object: objectOf(id) })
      return withdrawn
    }),
  find: async (tokenHash, now) => {
    const [row] = await database.query<InvitationRow>(usable, [tokenHash, now])
    return row === undefined ? undefined : toInvitation(row)
  },
  accept: (tokenHash, acceptance, now) =>
    retryCollisions(() => database.transaction((query) => accept(query, tokenHash, { acceptance, now }))),
})
