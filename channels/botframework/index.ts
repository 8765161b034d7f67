import type { ChannelModule } from '../../src/core/channel.ts'
import { createBotframework } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { botframeworkConfig } from './manifest.ts'
import type { BotframeworkConfig } from './manifest.ts'

/** Azure Bot Service: Teams, Web Chat, Direct Line. */
export const botframework: ChannelModule<BotframeworkConfig> = {
  name: 'botframework',
  config: botframeworkConfig,
  create: createBotframework,
  checkCredentials,
}
