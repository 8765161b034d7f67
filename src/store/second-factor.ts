import { TongdaError } from '../core/errors.ts'
import type {
  Challenge,
  ChallengeStore,
  ConfirmedFactor,
  SecondFactor,
  SecondFactorStore,
} from '../core/second-factor.ts'
import type { SignInMethod } from '../core/sign-in-ways.ts'
import type { Database, Query, Row } from './database.ts'
import { endSessions } from './end-sessions.ts'
import { recordAudit } from './record-audit.ts'
import type { Sealing } from './sealing.ts'

interface FactorRow extends Row {
  readonly secret: string
  readonly confirmed_at: Date | null
}

// A confirmed one stays: replacing it is turning it off first, which asks for proof.
const begin = `
insert into second_factors as f (agent_id, secret, created_at) values ($1, $2, $3)
on conflict (agent_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = null
where f.confirmed_at is null
returning agent_id`

const confirm = `
update second_factors set confirmed_at = $2, last_step = $3
where agent_id = $1 and confirmed_at is null returning agent_id`

const useStep = `
update second_factors set last_step = $2
where agent_id = $1 and confirmed_at is not null and (last_step is null or last_step < $2) returning agent_id`

const putRecovery = `
insert into recovery_codes (agent_id, code_hash, created_at) select $1, unnest($2::text[]), $3`

const useRecovery = `
update recovery_codes set used_at = $3 where agent_id = $1 and code_hash = $2 and used_at is null
returning agent_id`

const agentOf = (id: string) => ({ kind: 'agent', id }) as const

const replaceRecovery = async (
  query: Query,
  agentId: string,
  { codeHashes, now }: { readonly codeHashes: readonly string[]; readonly now: Date },
): Promise<void> => {
  await query('delete from recovery_codes where agent_id = $1', [agentId])
  await query(putRecovery, [agentId, [...codeHashes], now])
}

const findFactor = async (
  query: Query,
  agentId: string,
  unseal: Sealing['unseal'],
): Promise<SecondFactor | undefined> => {
  const [row] = await query<FactorRow>(
    'select secret, confirmed_at from second_factors where agent_id = $1',
    [agentId],
  )
  if (row === undefined) return undefined
  const secret = unseal(row.secret)
  if (secret === undefined)
    throw new TongdaError(
      'bad_config',
      'the secret of a second step does not open with this master key; give TONGDA_MASTER_KEY the value it had, or run tongda user reset-totp',
    )
  return { secret, ...(row.confirmed_at === null ? {} : { confirmedAt: row.confirmed_at }) }
}

const confirmFactor = async (
  query: Query,
  agentId: string,
  {
    unseal,
    proof,
    now,
  }: { readonly unseal: Sealing['unseal']; readonly proof: ConfirmedFactor; readonly now: Date },
): Promise<boolean> => {
  // Locked: two that begin and confirm at once must not confirm each other's secret.
  const [row] = await query<FactorRow>(
    'select secret, confirmed_at from second_factors where agent_id = $1 for update',
    [agentId],
  )
  if (row === undefined || unseal(row.secret) !== proof.secret) return false
  if ((await query(confirm, [agentId, now, proof.step])).length === 0) return false
  await replaceRecovery(query, agentId, { codeHashes: proof.codeHashes, now })
  await endSessions(query, agentId)
  await recordAudit(query, { act: 'second-factor.enrolled', object: agentOf(agentId) })
  return true
}

const takeRecovery = async (
  query: Query,
  agentId: string,
  taken: readonly [string, Date],
): Promise<boolean> => {
  const used = await query(useRecovery, [agentId, ...taken])
  if (used.length === 0) return false
  const object = agentOf(agentId)
  await recordAudit(query, { act: 'recovery.used', object, actor: object })
  return true
}

const removeFactor = async (query: Query, agentId: string, why: string): Promise<boolean> => {
  const gone = await query('delete from second_factors where agent_id = $1 returning agent_id', [agentId])
  await query('delete from recovery_codes where agent_id = $1', [agentId])
  if (gone.length === 0) return false
  await endSessions(query, agentId)
  await recordAudit(query, { act: 'second-factor.removed', object: agentOf(agentId), detail: { why } })
  return true
}

/** Second factors on one database; secrets are sealed. */
export const createSecondFactorStore = (
  { query, transaction }: Database,
  { seal, unseal }: Sealing,
): SecondFactorStore => ({
  find: (agentId) => findFactor(query, agentId, unseal),
  begin: async (agentId, secret, now) => (await query(begin, [agentId, seal(secret), now])).length > 0,
  confirm: (agentId, proof, now) =>
    transaction((within) => confirmFactor(within, agentId, { unseal, proof, now })),
  useStep: async (agentId, step) => (await query(useStep, [agentId, step])).length > 0,
  useRecovery: (agentId, codeHash, now) =>
    transaction((within) => takeRecovery(within, agentId, [codeHash, now])),
  countRecovery: async (agentId) => {
    const [row] = await query<{ count: number }>(
      'select count(*)::int as count from recovery_codes where agent_id = $1 and used_at is null',
      [agentId],
    )
    return row?.count ?? 0
  },
  replaceRecovery: (agentId, codeHashes, now) =>
    transaction(async (within) => {
      await replaceRecovery(within, agentId, { codeHashes, now })
      await recordAudit(within, { act: 'recovery.renewed', object: agentOf(agentId) })
    }),
  remove: (agentId, why) => transaction((within) => removeFactor(within, agentId, why)),
})

interface ChallengeRow extends Row {
  readonly agent_id: string
  readonly method: SignInMethod
  readonly provider: string | null
  readonly browser: string
}

const enter = `
update sign_in_challenges c set tries = c.tries + 1 from agents a
where c.token_hash = $1 and c.tries < $2 and c.expires_at > $3 and a.id = c.agent_id and a.deactivated_at is null
returning c.agent_id, c.method, c.provider, c.browser`

/** First steps that wait for their second, on one database. */
export const createChallengeStore = ({ query }: Database): ChallengeStore => ({
  create: async ({ tokenHash, agentId, method, provider, browser, createdAt, expiresAt }) => {
    await query('delete from sign_in_challenges where expires_at <= $1', [createdAt])
    await query(
      `insert into sign_in_challenges (token_hash, agent_id, method, provider, browser, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tokenHash, agentId, method, provider, browser, createdAt, expiresAt],
    )
  },
  enter: async (tokenHash, maxTries, now): Promise<Challenge | undefined> => {
    const [row] = await query<ChallengeRow>(enter, [tokenHash, maxTries, now])
    if (row === undefined) return undefined
    const { agent_id: agentId, method, provider, browser } = row
    return { agentId, method, ...(provider === null ? {} : { provider }), browser }
  },
  finish: async (tokenHash) =>
    (await query('delete from sign_in_challenges where token_hash = $1 returning agent_id', [tokenHash]))
      .length > 0,
})
