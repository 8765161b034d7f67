import type { ChannelModule } from '../../src/core/channel.ts'
import { createWecom } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { wecomConfig } from './manifest.ts'
import type { WecomConfig } from './manifest.ts'

export type { WecomConfig } from './manifest.ts'

/** WeCom customer service (微信客服). */
export const wecom: ChannelModule<WecomConfig> = {
  name: 'wecom',
  config: wecomConfig,
  create: createWecom,
  checkCredentials,
}
