import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

/** One simulated bot, as its owner registered it in Azure. */
export interface BotAccount {
  readonly name: string
  readonly appId: string
  readonly appPassword: string
  readonly tenantId: string
}

/** Registers a bot with fresh secrets. */
export const createBotAccount = (name = '次元站客服'): BotAccount => ({
  name,
  appId: randomUUID(),
  appPassword: randomBytes(30).toString('base64url'),
  tenantId: randomUUID(),
})

/** Real milliseconds: waiting is not simulated time. */
export interface BotTiming {
  /** How long the channel waits for the bot. Default 15000, as documented. */
  readonly attemptTimeoutMs: number
  /** Attempts with the same activity. Default 3; channels differ. */
  readonly attempts: number
  /** Pause after an attempt that failed. Default 1000; not documented. */
  readonly retryDelayMs: number
  /** How long `api-hang` hangs at most. Default 30000. */
  readonly hangMs: number
}

export const documentedTiming: BotTiming = {
  attemptTimeoutMs: 15_000,
  attempts: 3,
  retryDelayMs: 1_000,
  hangMs: 30_000,
}

/** What a simulator needs to know. */
export interface BotSimulatorOptions {
  readonly account: BotAccount
  /** The bot's messaging endpoint; asked at each push. */
  readonly messagesUrl: () => string
  /** Where `api` can be reached, without a slash at the end: service URL, sign-in and keys lie below. */
  readonly apiUrl: () => string
  /** Moves timestamps and the life of tokens. */
  readonly clock: Clock
  readonly users?: readonly { readonly key: string; readonly name: string }[]
  /** Which channel the users sit on. Default `webchat`. */
  readonly channelId?: 'webchat' | 'directline' | 'msteams'
  readonly timing?: Partial<BotTiming>
}
