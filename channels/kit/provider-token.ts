import { z } from 'zod'
import type { Cache, Locks } from '../../src/core/bus.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/log.ts'

/** A token as the provider issued it. */
export interface IssuedToken {
  readonly token: string
  /** Milliseconds from now until it ends. */
  readonly expiresInMs: number
}

/** The one token of a provider account that all nodes share. */
export interface ProviderToken {
  /** The token in force; fetched by one caller at a time over all nodes. Rejects with the provider's refusal. */
  get(): Promise<string>
  /** Forgets `token` if it is still the one in force. */
  drop(token: string): Promise<void>
}

export interface ProviderTokenOptions {
  /** Names the account in cache and locks; the same on every node. */
  readonly key: string
  readonly issue: () => Promise<IssuedToken>
  readonly host: { readonly cache: Cache; readonly locks: Locks; readonly clock: Clock; readonly log: Logger }
}

const Stored = z.object({ token: z.string().min(1), refreshAt: z.number(), endsAt: z.number() })
type StoredToken = z.infer<typeof Stored>

const lockMs = 20_000

const parseStored = (value: string | undefined): StoredToken | undefined => {
  if (value === undefined) return undefined
  try {
    return Stored.parse(JSON.parse(value))
  } catch {
    return undefined
  }
}

// Five to ten minutes early, a little differently each time, so that nodes do not all come at once.
const earlyMs = (lifeMs: number): number => Math.min(300_000 + Math.random() * 300_000, lifeMs / 2)

/** Keeps a provider's token in the shared cache and renews it 5–10 minutes before its end. */
export const createProviderToken = ({ key, issue, host }: ProviderTokenOptions): ProviderToken => {
  const now = (): number => host.clock.now().getTime()
  const stored = async (): Promise<StoredToken | undefined> => {
    const found = parseStored(await host.cache.get(key))
    return found !== undefined && now() < found.endsAt ? found : undefined
  }
  const renew = async (): Promise<string> => {
    const { token, expiresInMs } = await issue()
    const value: StoredToken = {
      token,
      refreshAt: now() + expiresInMs - earlyMs(expiresInMs),
      endsAt: now() + expiresInMs,
    }
    await host.cache.set(key, JSON.stringify(value), expiresInMs)
    return token
  }
  const renewOnce = (): Promise<string> =>
    host.locks.withLock(`${key}:refresh`, lockMs, async () => {
      // Whoever waited for the lock finds what its holder fetched.
      const found = await stored()
      if (found !== undefined && now() < found.refreshAt) return found.token
      return renew().catch((error: unknown) => {
        if (found === undefined) throw error
        host.log.warn({ code: 'token_refresh_failed' }, 'provider token not renewed; the old one still holds')
        return found.token
      })
    })
  return {
    get: async () => {
      const found = await stored()
      return found !== undefined && now() < found.refreshAt ? found.token : renewOnce()
    },
    drop: async (token) => {
      const value = await host.cache.get(key)
      if (value !== undefined && parseStored(value)?.token === token) await host.cache.drop(key, value)
    },
  }
}
