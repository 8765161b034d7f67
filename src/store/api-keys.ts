import { validate } from 'uuid'
import { type ApiKey, type ApiKeyStore, type Scope, scopes } from '../core/api-key.ts'
import { TongdaError } from '../core/errors.ts'
import type { Database, Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'

interface KeyRow extends Row {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly created_by: string
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

const fields = 'id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at, revoked_at'

/** A scope that a later version knew and this one does not gives nothing. */
const knownScopes = (words: readonly string[]): readonly Scope[] =>
  scopes.filter((scope) => words.includes(scope))

const toKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: knownScopes(row.scopes),
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
})

/** The token of a repeated request is a new one: nobody has seen the first, whose answer was lost. */
const insert = `
insert into api_keys as k (id, name, prefix, token_hash, scopes, created_by, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do update set prefix = excluded.prefix, token_hash = excluded.token_hash
returning ${fields}`

const unknownKey = (): TongdaError =>
  new TongdaError('not_found', 'there is no such API key; list them first')

/** The API keys of one database. */
export const createApiKeyStore = (database: Database): ApiKeyStore => ({
  create: (key) =>
    database.transaction(async (within) => {
      const [row] = await within<KeyRow>(insert, [
        keyedId(key.idempotencyKey),
        key.name,
        key.prefix,
        key.tokenHash,
        [...key.scopes],
        key.createdBy,
        key.createdAt,
        key.expiresAt,
      ])
      if (row === undefined) throw new Error('a key was not stored')
      const { name, prefix, scopes: given } = key
      await recordAudit(within, {
        act: 'key.created',
        object: { kind: 'key', id: row.id },
        detail: { name, prefix, scopes: given },
      })
      return toKey(row)
    }),
  list: async () =>
    (await database.query<KeyRow>(`select ${fields} from api_keys order by created_at desc, id desc`)).map(
      toKey,
    ),
  find: async (tokenHash) => {
    const [row] = await database.query<KeyRow>(`select ${fields} from api_keys where token_hash = $1`, [
      tokenHash,
    ])
    return row === undefined ? undefined : toKey(row)
  },
  touch: async (id, now) => {
    await database.query('update api_keys set last_used_at = $2 where id = $1', [id, now])
  },
  revoke: (id, now) =>
    database.transaction(async (within) => {
      const [row] = validate(id)
        ? await within<KeyRow>(
            `update api_keys set revoked_at = coalesce(revoked_at, $2) where id = $1 returning ${fields}`,
            [id, now],
          )
        : []
      if (row === undefined) throw unknownKey()
      await recordAudit(within, {
        act: 'key.revoked',
        object: { kind: 'key', id },
        detail: { name: row.name },
      })
      return toKey(row)
    }),
})
