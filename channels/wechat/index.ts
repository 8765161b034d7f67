import type { ChannelModule } from '../../src/core/channel.ts'
import { createWechat } from './channel.ts'
import { wechatConfig } from './manifest.ts'
import type { WechatConfig } from './manifest.ts'

export type { WechatConfig } from './manifest.ts'

/** WeChat official accounts (公众号, 服务号). */
export const wechat: ChannelModule<WechatConfig> = {
  name: 'wechat',
  config: wechatConfig,
  create: createWechat,
}
