import { v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type {
  IdentityStore,
  ProviderAccount,
  ProviderAttempt,
  ProviderAttempts,
} from '../core/provider-sign-in.ts'
import { normaliseEmail, toAgent, type AgentRow } from './agents.ts'
import { nameOrAddress } from './check-name.ts'
import type { Database, Query, Row } from './database.ts'
import { recordAudit } from './record-audit.ts'
import type { Sealing } from './sealing.ts'

const insert = `
insert into agent_identities (issuer, subject, agent_id, linked_at, last_used_at) values ($1, $2, $3, $4, $4)
on conflict do nothing returning agent_id`

/** Links an account at a provider; part of a transaction. False: it is somebody's, or the agent has another there. */
export const linkIdentity = async (
  query: Query,
  agentId: string,
  { issuer, subject }: ProviderAccount,
  now: Date,
): Promise<boolean> => {
  if ((await query(insert, [issuer, subject, agentId, now])).length === 0) return false
  await recordAudit(query, {
    ...{ act: 'identity.linked', object: { kind: 'agent', id: agentId } },
    detail: { issuer },
    actor: { kind: 'agent', id: agentId },
  })
  return true
}

const use = `
update agent_identities i set last_used_at = $3 from agents a
where i.issuer = $1 and i.subject = $2 and a.id = i.agent_id
returning i.agent_id as "agentId", a.deactivated_at is not null as deactivated`

const findByEmail = `
select id as "agentId", deactivated_at is not null as deactivated from agents where email = $1`

interface FoundRow extends Row {
  readonly agentId: string
  readonly deactivated: boolean
}

const insertAgent = `
insert into agents (id, name, email, role, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
on conflict (email) do nothing returning id, name, email, role`

const taken = (): TongdaError =>
  new TongdaError('conflict', 'this mail address or account is somebody’s already; sign in once more')

/** Accounts at identity providers, on one database. */
export const createIdentityStore = (database: Database): IdentityStore => ({
  use: async ({ issuer, subject }, now) => (await database.query<FoundRow>(use, [issuer, subject, now]))[0],
  findByEmail: async (email) => (await database.query<FoundRow>(findByEmail, [normaliseEmail(email)]))[0],
  link: (agentId, account, now) =>
    database.transaction((query) => linkIdentity(query, agentId, account, now)),
  create: ({ name, email, role }, account, now) =>
    database.transaction(async (query) => {
      const [row] = await query<AgentRow>(insertAgent, [
        uuid(),
        await nameOrAddress(query, name.trim(), normaliseEmail(email)),
        normaliseEmail(email),
        role,
        now,
      ])
      if (row === undefined || !(await linkIdentity(query, row.id, account, now))) throw taken()
      await recordAudit(query, {
        ...{ act: 'person.added', object: { kind: 'agent', id: row.id } },
        detail: { name: row.name, role, issuer: account.issuer },
      })
      return toAgent(row)
    }),
})

interface AttemptRow extends Row {
  readonly provider: string
  readonly nonce: string
  readonly verifier: string
  readonly browser_hash: string
  readonly invitation_hash: string | null
  readonly wanted: string | null
}

const insertAttempt = `
insert into provider_attempts
  (state_hash, provider, nonce, verifier, browser_hash, invitation_hash, wanted, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

const takeAttempt = `
delete from provider_attempts where state_hash = $1 and expires_at > $2
returning provider, nonce, verifier, browser_hash, invitation_hash, wanted`

/** Sign-ins under way at providers, on one database. */
export const createProviderAttempts = ({ query }: Database, { seal, unseal }: Sealing): ProviderAttempts => ({
  create: async (attempt) => {
    const { stateHash, provider, nonce, verifier, browserHash, invitationHash, wanted } = attempt
    const { createdAt, expiresAt } = attempt
    await query('delete from provider_attempts where expires_at <= $1', [createdAt])
    await query(insertAttempt, [
      ...[
        stateHash,
        provider,
        nonce,
        seal(verifier),
        browserHash,
        invitationHash,
        wanted,
        createdAt,
        expiresAt,
      ],
    ])
  },
  take: async (stateHash, now): Promise<ProviderAttempt | undefined> => {
    const [row] = await query<AttemptRow>(takeAttempt, [stateHash, now])
    const verifier = row === undefined ? undefined : unseal(row.verifier)
    if (row === undefined || verifier === undefined) return undefined
    return {
      ...{ provider: row.provider, nonce: row.nonce, verifier, browserHash: row.browser_hash },
      ...(row.invitation_hash === null ? {} : { invitationHash: row.invitation_hash }),
      ...(row.wanted === null ? {} : { wanted: row.wanted }),
    }
  },
})
