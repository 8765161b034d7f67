import type { ChannelModule } from '../../src/core/channel.ts'
import { createWeibo } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { weiboConfig } from './manifest.ts'
import type { WeiboConfig } from './manifest.ts'

export type { WeiboConfig } from './manifest.ts'

/** Weibo accounts with the fan service (粉丝服务平台): direct messages and mentions. */
export const weibo: ChannelModule<WeiboConfig> = {
  name: 'weibo',
  config: weiboConfig,
  create: createWeibo,
  checkCredentials,
}
