import type { Clock } from '../../src/core/clock.ts'
import type { SimulatorSnapshot } from './snapshot.ts'

/** How pushes are protected: 明文, 兼容, 安全. */
export type WechatMode = 'plain' | 'compatible' | 'safe'

/** What the account may do: only verified service accounts send menus, unverified ones send nothing. */
export type WechatAccountKind = 'service' | 'subscription' | 'unverified'

/** One simulated official account, as its owner registered it. */
export interface WechatAccount {
  /** Shown on top of the client. */
  readonly name: string
  readonly appId: string
  readonly appSecret: string
  /** `gh_…`: how pushes call the account. */
  readonly originalId: string
  /** The Token of the server settings; signs every push. */
  readonly token: string
  /** 43 characters; used in compatible and safe mode. */
  readonly encodingAesKey: string
  readonly mode: WechatMode
  readonly kind: WechatAccountKind
}

/** A person on the simulated platform. */
export interface WechatUser {
  readonly openid: string
  readonly name: string
}

/** How patient the platform is. Real milliseconds: waiting is not simulated time. */
export interface PushTiming {
  /** How long one attempt waits for its response. Default 5000, as documented. */
  readonly attemptTimeoutMs: number
  /** Attempts with the same MsgId before the user sees a system error. Default 3, as documented. */
  readonly attempts: number
  /** Pause after an attempt that failed at once (refused connection, HTTP error). Default 1000; not documented. */
  readonly retryDelayMs: number
  /**
   * Whether a retry is signed anew (`fresh`, default) or repeats the same bytes (`identical`). Not documented,
   * so an adapter must live with both.
   */
  readonly retries: 'fresh' | 'identical'
}

export const documentedTiming: PushTiming = {
  attemptTimeoutMs: 5_000,
  attempts: 3,
  retryDelayMs: 1_000,
  retries: 'fresh',
}

/** Which action of the user lets the account speak. */
export type WindowAction = 'message' | 'menu' | 'subscribe' | 'scan'

/** Messages one action allows, and for how long. */
export interface WindowLimit {
  readonly count: number
  readonly windowMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The official table of 2025–26. */
export const documentedLimits: Readonly<Record<WindowAction, WindowLimit>> = {
  message: { count: 5, windowMs: 48 * hourMs },
  menu: { count: 3, windowMs: minuteMs },
  subscribe: { count: 3, windowMs: minuteMs },
  scan: { count: 3, windowMs: minuteMs },
}

/** What a simulator needs to know. */
export interface WechatSimulatorOptions {
  readonly account: WechatAccount
  /** Where pushes go; asked at each push, because a test or the product learns its port late. */
  readonly callbackUrl: () => string
  /** Where `api` can be reached, without a slash at the end; stands in PicUrl and video_url. */
  readonly apiUrl: () => string
  /** Moves tokens, quota windows, media expiry and every timestamp. */
  readonly clock: Clock
  /** People who follow the account from the beginning. Default none. */
  readonly users?: readonly WechatUser[]
  readonly timing?: Partial<PushTiming>
  readonly limits?: Partial<Record<WindowAction, WindowLimit>>
  /** Exchanges kept for the trace. Default 500. */
  readonly traceSize?: number
  /** What an earlier simulator's `snapshot` gave. Default none. */
  readonly saved?: SimulatorSnapshot | undefined
}
