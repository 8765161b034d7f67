import type { Clock } from '../../src/core/clock.ts'

/** One simulated company with a self-built app and one customer-service account. */
export interface WecomAccount {
  /** Shown on top of the client. */
  readonly name: string
  /** `ww…` */
  readonly corpId: string
  /** Secret of the app. */
  readonly secret: string
  readonly agentId: string
  /** The Token of the callback settings; signs every push. */
  readonly token: string
  /** 43 characters. */
  readonly encodingAesKey: string
  /** `wk…` */
  readonly openKfId: string
}

/** A person who writes to the account. */
export interface WecomUser {
  /** external_userid, `wm…` */
  readonly key: string
  readonly name: string
  /** Address of the picture. */
  readonly avatar?: string
  /** Known when the company has bound its developer account. */
  readonly unionid?: string
  /** Wrote a moment ago, before anybody listened: the account may answer, but the list does not hold it. */
  readonly wroteBefore?: boolean
}

/** One of the company's people (接待人员). */
export interface WecomServicer {
  readonly userid: string
  /** 接待中 or 停止接待. */
  readonly serving: boolean
}

/** How patient the platform is with the callback. Real milliseconds: waiting is not simulated time. */
export interface PushTiming {
  /** Default 5000, as documented. */
  readonly attemptTimeoutMs: number
  /** Default 3, as documented; then the push is lost. */
  readonly attempts: number
  /** Pause after a failed attempt. Default 1000; not documented. */
  readonly retryDelayMs: number
}

export const documentedTiming: PushTiming = { attemptTimeoutMs: 5_000, attempts: 3, retryDelayMs: 1_000 }

/** What a simulator needs to know. */
export interface WecomSimulatorOptions {
  readonly account: WecomAccount
  /** Where pushes go; asked at each push, because a test or the product learns its port late. */
  readonly callbackUrl: () => string
  /** Moves tokens, codes, windows, media and every timestamp. */
  readonly clock: Clock
  readonly users?: readonly WecomUser[]
  readonly servicers?: readonly WecomServicer[]
  readonly timing?: Partial<PushTiming>
  /** sync_msg calls a minute without a push's token before errcode 45009. Default 120; the platform names no number. */
  readonly unaskedPerMinute?: number
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
