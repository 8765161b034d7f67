import type { Begun, IdempotencyStore, IdempotentRequest, KeptAnswer, Known } from '../core/idempotency.ts'
import type { Database, Row } from './database.ts'
import type { Sealing } from './sealing.ts'

/** Made, or taken over from somebody who has crashed; then the row has our owner. Else it stays as it is. */
const begin = `
insert into idempotent_requests as r (key_hash, fingerprint, owner, lease_until)
values ($1, $2, $3, now() + $4 * interval '1 millisecond')
on conflict (key_hash) do update set
  owner = case when r.status is null and r.lease_until < now() and r.fingerprint = excluded.fingerprint
    then excluded.owner else r.owner end,
  lease_until = case when r.status is null and r.lease_until < now() and r.fingerprint = excluded.fingerprint
    then excluded.lease_until else r.lease_until end
returning fingerprint, owner, status, answer`

interface RequestRow extends Row {
  readonly fingerprint: string
  readonly owner: string
  readonly status: number | null
  readonly answer: string | null
}

const hours = 24

/** Remembers requests on one database; answers are sealed, for they may show a secret. */
export const createIdempotencyStore = ({ query }: Database, sealing: Sealing): IdempotencyStore => {
  const known = ({ status, answer }: Pick<RequestRow, 'status' | 'answer'>): Known => {
    if (status === null) return { kind: 'in_progress' }
    const opened = sealing.unseal(answer ?? '')
    if (opened === undefined) throw new Error('a kept answer does not open with this master key')
    const { headers, body } = JSON.parse(opened) as Omit<KeptAnswer, 'status'>
    return { kind: 'answered', answer: { status, headers, body } }
  }
  const standing = (row: RequestRow, request: IdempotentRequest): Begun => {
    if (row.fingerprint !== request.fingerprint) return { kind: 'reused' }
    return row.status === null && row.owner === request.owner ? { kind: 'started' } : known(row)
  }
  return {
    begin: async (request) => {
      const { keyHash, fingerprint, owner, leaseMs } = request
      const [row] = await query<RequestRow>(begin, [keyHash, fingerprint, owner, leaseMs])
      if (row === undefined) throw new Error('a request was not kept')
      return standing(row, request)
    },
    finish: async ({ keyHash, owner }, { status, headers, body }) => {
      await query(
        'update idempotent_requests set status = $3, answer = $4 where key_hash = $1 and owner = $2 and status is null',
        [keyHash, owner, status, sealing.seal(JSON.stringify({ headers, body }))],
      )
    },
    release: async ({ keyHash, owner }) => {
      await query('delete from idempotent_requests where key_hash = $1 and owner = $2 and status is null', [
        keyHash,
        owner,
      ])
    },
    find: async (keyHash) => {
      const [row] = await query<Pick<RequestRow, 'status' | 'answer'>>(
        'select status, answer from idempotent_requests where key_hash = $1',
        [keyHash],
      )
      return row === undefined ? undefined : known(row)
    },
    retire: async () => {
      await query("delete from idempotent_requests where created_at < now() - $1 * interval '1 hour'", [
        hours,
      ])
    },
  }
}
