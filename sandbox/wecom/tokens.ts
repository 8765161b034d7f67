// Access tokens: developer.work.weixin.qq.com, 获取access_token. The same one is given out inside its life.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

const lifetimeMs = 7_200_000

/** The app's tokens. */
export interface Tokens {
  get(): { readonly token: string; readonly expiresIn: number }
  /** Undefined when the token is good, else the errcode. */
  check(token: string | undefined): 41001 | 40014 | 42001 | undefined
  /** Every issued token is answered with 42001 from now on. */
  expireAll(): void
  issued(): number
}

export const createTokens = (clock: Clock): Tokens => {
  const endsAt = new Map<string, number>()
  let current: string | undefined
  const now = (): number => clock.now().getTime()
  const alive = (token: string): boolean => now() < (endsAt.get(token) ?? 0)
  return {
    get: () => {
      if (current === undefined || !alive(current)) {
        current = randomBytes(96).toString('base64url')
        endsAt.set(current, now() + lifetimeMs)
      }
      return {
        token: current,
        expiresIn: Math.max(1, Math.floor(((endsAt.get(current) ?? 0) - now()) / 1_000)),
      }
    },
    check: (token) => {
      if (token === undefined || token === '') return 41001
      if (!endsAt.has(token)) return 40014
      return alive(token) ? undefined : 42001
    },
    expireAll: () => {
      for (const token of endsAt.keys()) endsAt.set(token, 0)
    },
    issued: () => endsAt.size,
  }
}
