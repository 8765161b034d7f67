import type { Clock } from '../../src/core/clock.ts'

/** One verified account with the fan service, as both sides know it. */
export interface WeiboAccount {
  readonly name: string
  /** Digits, perhaps more than a JavaScript number holds. */
  readonly uid: string
  /** Signs every push. */
  readonly appSecret: string
  /** Opens the API until it is expired or replaced. */
  readonly accessToken: string
}

/** Somebody on the simulated platform. */
export interface WeiboUser {
  /** The uid. */
  readonly key: string
  readonly name: string
  /** Address of the picture. */
  readonly avatar?: string
  /** True: wrote just before, so that the account may write first. */
  readonly wroteBefore?: boolean
}

/** How patient the platform is. Real milliseconds: waiting is not simulated time. */
export interface WeiboTiming {
  /** How long one attempt waits for its response. Default 5000, as documented. */
  readonly attemptTimeoutMs: number
  /** Attempts of one push. Default 3, as documented. */
  readonly attempts: number
  /** Pause after an attempt that failed at once. Default 1000; not documented. */
  readonly retryDelayMs: number
}

export const documentedTiming: WeiboTiming = { attemptTimeoutMs: 5_000, attempts: 3, retryDelayMs: 1_000 }

/** What the account may do; the newest text that was found. */
export interface WeiboRules {
  /** How long an action of the user lets the account write. */
  readonly windowMs: number
  /** A text must have fewer characters. */
  readonly textBelow: number
}

export const documentedRules: WeiboRules = { windowMs: 48 * 3_600_000, textBelow: 300 }

/** What a simulator needs to know. */
export interface WeiboSimulatorOptions {
  readonly account: WeiboAccount
  /** Where pushes go; asked at each push, because a test or the product learns its port late. */
  readonly callbackUrl: () => string
  /** How long the access token lives from now on. Default one year. */
  readonly tokenLifeMs?: number
  /** Moves windows and every timestamp. */
  readonly clock: Clock
  /** People who follow the account from the beginning. Default none. */
  readonly users?: readonly WeiboUser[]
  readonly timing?: Partial<WeiboTiming>
  readonly rules?: Partial<WeiboRules>
}
