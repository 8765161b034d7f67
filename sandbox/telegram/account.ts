import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

/** One simulated bot, as @BotFather made it. */
export interface TelegramAccount {
  /** Shown on top of the chat. */
  readonly name: string
  readonly username: string
  readonly token: string
  /** The bot's user id: the part of the token before the colon. */
  readonly botId: number
}

/** Makes a bot with a fresh token. */
export const createTelegramAccount = (name = '次元站客服'): TelegramAccount => {
  const botId = randomInt(1_000_000_000, 9_000_000_000)
  const token = `${botId}:AA${randomBytes(24).toString('base64url').slice(0, 33)}`
  return { name, username: 'ciyuan_support_bot', token, botId }
}

/** How patient the platform is. Real milliseconds: waiting is not simulated time. */
export interface TelegramTiming {
  /** How long one webhook call may take. Not documented; default 60000. */
  readonly attemptTimeoutMs: number
  /** Pause after a call that failed; doubled each time up to 64 times. Not documented; default 1000. */
  readonly retryDelayMs: number
  /** How long `api-hang` hangs at most. Default 30000. */
  readonly hangMs: number
}

export const documentedTiming: TelegramTiming = {
  attemptTimeoutMs: 60_000,
  retryDelayMs: 1_000,
  hangMs: 30_000,
}

/** Messages a bot may send: Bot FAQ, "My bot is hitting limits". */
export interface TelegramLimits {
  readonly perSecond: number
  readonly perGroupMinute: number
}

export const documentedLimits: TelegramLimits = { perSecond: 30, perGroupMinute: 20 }

/** What a simulator needs to know. */
export interface TelegramSimulatorOptions {
  readonly account: TelegramAccount
  /** Moves every timestamp, flood limits and the life of button presses. */
  readonly clock: Clock
  /** People who have pressed Start already. Keys are Telegram user ids. Default none. */
  readonly users?: readonly { readonly key: string; readonly name: string }[]
  readonly timing?: Partial<TelegramTiming>
  readonly limits?: Partial<TelegramLimits>
}
