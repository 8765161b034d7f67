import type { ChannelModule } from '../../src/core/channel.ts'
import { createTelegram } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { telegramConfig } from './manifest.ts'
import type { TelegramConfig } from './manifest.ts'

/** Telegram bots. */
export const telegram: ChannelModule<TelegramConfig> = {
  name: 'telegram',
  config: telegramConfig,
  create: createTelegram,
  checkCredentials,
}
