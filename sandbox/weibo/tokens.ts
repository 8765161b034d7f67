import type { WeiboSimulatorOptions } from './account.ts'

/** The account's access token. */
export interface Tokens {
  /** Undefined once it has ended. */
  readonly current: () => string | undefined
  readonly leftMs: () => number
  readonly expire: () => void
  /** A new one for as long as the first. */
  readonly renew: (token: string) => void
}

const yearMs = 365 * 24 * 3_600_000

/** The token in force from now on. */
export const createTokens = ({ account, clock, tokenLifeMs = yearMs }: WeiboSimulatorOptions): Tokens => {
  const now = (): number => clock.now().getTime()
  let token = account.accessToken
  let endsAt = now() + tokenLifeMs
  const leftMs = (): number => Math.max(0, endsAt - now())
  return {
    current: () => (leftMs() > 0 ? token : undefined),
    leftMs,
    expire: () => {
      endsAt = now()
    },
    renew: (next) => {
      token = next
      endsAt = now() + tokenLifeMs
    },
  }
}
