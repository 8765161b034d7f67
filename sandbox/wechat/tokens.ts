// Access tokens: official-account documentation, "获取 Access token" and "获取稳定版接口调用凭据".
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

const lifetimeMs = 7_200_000
const overlapMs = 300_000
const forceGapMs = 30_000
const dayMs = 86_400_000
const forcedPerDay = 20

/** A token as the API hands it out. */
export interface IssuedToken {
  readonly token: string
  /** Whole seconds. */
  readonly expiresIn: number
}

/** Why a token does not open the API: never issued or replaced, or too old. */
export type TokenFault = 40001 | 42001

/** The platform's tokens of one account. The two kinds do not disturb each other. */
export interface Tokens {
  /** Always a new one; the one before lives five minutes more. */
  basic(): IssuedToken
  /** The same one until five minutes before its end; `forced` replaces it at once. A number is an errcode. */
  stable(forced: boolean): IssuedToken | 45009 | 45011
  /** Undefined when the token is good. */
  check(token: string): TokenFault | undefined
  /** Makes every issued token expire now. */
  expireAll(): void
}

interface TokenState {
  readonly token: string
  endsAt: number
  /** What using it after its end is answered with. */
  faultAfter: TokenFault
}

/** A token office that has issued nothing yet. */
export const createTokens = (clock: Clock): Tokens => {
  const issued = new Map<string, TokenState>()
  let basic: TokenState | undefined
  let stable: TokenState | undefined
  let forcedAt: number[] = []
  const now = (): number => clock.now().getTime()

  const issue = (): TokenState => {
    const state: TokenState = {
      token: `${randomBytes(2).readUInt16BE()}_${randomBytes(96).toString('base64url')}`,
      endsAt: now() + lifetimeMs,
      faultAfter: 42001,
    }
    issued.set(state.token, state)
    return state
  }
  const handOut = (state: TokenState): IssuedToken => ({
    token: state.token,
    expiresIn: Math.floor((state.endsAt - now()) / 1000),
  })
  const replace = (state: TokenState | undefined, overlap: number): void => {
    if (state === undefined) return
    state.endsAt = Math.min(state.endsAt, now() + overlap)
    state.faultAfter = 40001
  }
  const force = (): IssuedToken | 45009 | 45011 => {
    forcedAt = forcedAt.filter((at) => at > now() - dayMs)
    if (forcedAt.length >= forcedPerDay) return 45009
    if (forcedAt.some((at) => at > now() - forceGapMs)) return 45011
    forcedAt.push(now())
    replace(stable, 0)
    stable = issue()
    return handOut(stable)
  }

  return {
    basic: () => {
      replace(basic, overlapMs)
      basic = issue()
      return handOut(basic)
    },
    stable: (forced) => {
      if (forced) return force()
      // The old one is left to its own end, which is at most the overlap away: both work meanwhile.
      if (stable === undefined || stable.endsAt - now() < overlapMs) stable = issue()
      return handOut(stable)
    },
    check: (token) => {
      const state = issued.get(token)
      if (state === undefined) return 40001
      return now() < state.endsAt ? undefined : state.faultAfter
    },
    expireAll: () => {
      for (const state of issued.values()) state.endsAt = Math.min(state.endsAt, now())
    },
  }
}
