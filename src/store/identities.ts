import type { IdentityStore } from '../core/staff.ts'
import type { Database, Query } from './database.ts'
import { recordAudit } from './record-audit.ts'

const insert = `
insert into agent_identities (issuer, subject, agent_id, linked_at, last_used_at) values ($1, $2, $3, $4, $4)
on conflict do nothing returning agent_id`

/** Links an account at a provider; part of a transaction. False: it is somebody's, or the agent has another there. */
export const linkIdentity = async (
  query: Query,
  agentId: string,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
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
where i.issuer = $1 and i.subject = $2 and a.id = i.agent_id and a.deactivated_at is null returning i.agent_id`

/** Accounts at identity providers, on one database. */
export const createIdentityStore = (database: Database): IdentityStore => ({
  use: async ({ issuer, subject }, now) => {
    const [row] = await database.query<{ agent_id: string }>(use, [issuer, subject, now])
    return row?.agent_id
  },
  isKnown: async ({ issuer, subject }) =>
    (
      await database.query('select 1 from agent_identities where issuer = $1 and subject = $2', [
        issuer,
        subject,
      ])
    ).length > 0,
  link: (agentId, identity, now) =>
    database.transaction((query) => linkIdentity(query, agentId, identity, now)),
})
