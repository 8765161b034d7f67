import { scopes, type ApiKey, type ApiKeyStore, type Scope } from '../core/api-key.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { mintToken } from '../http/index.ts'

/** A key to be. */
export interface WantedKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Absent: until it is revoked. */
  readonly expiresInDays?: number
}

/** What an operator does with the keys of the API. */
export interface KeyRing {
  /** The token is given this once. Throws `bad_input`. */
  create(key: WantedKey): Promise<{ readonly key: ApiKey; readonly token: string }>
  list(): Promise<readonly ApiKey[]>
  /** Throws `not_found`. */
  revoke(id: string): Promise<ApiKey>
}

const dayMs = 86_400_000
const maxDays = 3_650

const checkWanted = ({ name, scopes: wanted, expiresInDays }: WantedKey): void => {
  if (name.trim() === '' || name.length > 100)
    throw new TongdaError('bad_input', '名称要 1–100 个字符 the name needs 1 to 100 characters')
  if (wanted.length === 0)
    throw new TongdaError('bad_input', `至少给一个权限范围 give one scope at least: ${scopes.join(', ')}`)
  if (expiresInDays !== undefined && !(expiresInDays >= 1 && expiresInDays <= maxDays))
    throw new TongdaError('bad_input', `有效期是 1–${maxDays} 天 a key lives 1 to ${maxDays} days`)
}

/** Manages keys on an open store. */
export const createKeyRing = (store: ApiKeyStore, clock: Clock): KeyRing => ({
  create: async (wanted) => {
    checkWanted(wanted)
    const { token, prefix, tokenHash } = mintToken()
    const createdAt = clock.now()
    const { name, scopes: given, expiresInDays: days } = wanted
    const key = await store.create({
      name: name.trim(),
      scopes: given,
      createdBy: 'command-line',
      createdAt,
      prefix,
      tokenHash,
      ...(days === undefined ? {} : { expiresAt: new Date(createdAt.getTime() + days * dayMs) }),
    })
    return { key, token }
  },
  list: () => store.list(),
  revoke: (id) => store.revoke(id, clock.now()),
})

/** Reads scopes as a person writes them: with commas. Throws `bad_input`. */
export const parseScopes = (text: string): readonly Scope[] => {
  const words = text.split(',').map((word) => word.trim())
  const unknown = words.filter((word) => !scopes.some((scope) => scope === word))
  if (unknown.length > 0)
    throw new TongdaError(
      'bad_input',
      `没有这个权限范围 no such scope: ${unknown.join(', ')}; 可用 use ${scopes.join(', ')}`,
    )
  return scopes.filter((scope) => words.includes(scope))
}

/** Reads a life as a person writes it: `90d`. Throws `bad_input`. */
export const parseDays = (text: string): number => {
  const days = /^(\d{1,5})d?$/.exec(text.trim())?.[1]
  if (days === undefined)
    throw new TongdaError('bad_input', `有效期写成天数 write a number of days, e.g. 90d: ${text}`)
  return Number(days)
}
