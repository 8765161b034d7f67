/** Who the bot is, `getMe`. Source: core.telegram.org/bots/api#getme. */
import type { TelegramClient } from './client.ts'
import { botIdOf } from './manifest.ts'
import type { TelegramConfig } from './manifest.ts'
import type { Bot } from './mention.ts'

export interface Identity {
  /** The bot without its name: the id is part of the token. */
  readonly nameless: Bot
  /** The bot with its name; asked once, and again as long as the answer fails. Throws `ChannelError`. */
  named(): Promise<Bot>
}

export const createIdentity = (config: TelegramConfig, client: TelegramClient): Identity => {
  const id = botIdOf(config)
  let asked: Promise<Bot> | undefined
  const ask = async (): Promise<Bot> => {
    const { username } = await client.call('ask for the bot’s name', (raw, signal) => raw.getMe(signal))
    return { id, username }
  }
  return {
    nameless: { id, username: undefined },
    named: () =>
      (asked ??= ask().catch((error: unknown) => {
        asked = undefined
        throw error
      })),
  }
}
