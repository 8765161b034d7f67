import type { ChannelModule } from '../../src/core/channel.ts'
import { createWechat } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { wechatConfig } from './manifest.ts'
import type { WechatConfig } from './manifest.ts'

export { openWechatAccount } from './account-api.ts'
export type { WechatAccountApi } from './account-api.ts'
export { wechatConfig } from './manifest.ts'
export type { WechatConfig } from './manifest.ts'
export { maxQrSeconds } from './qr-code.ts'

/** WeChat official accounts (公众号, 服务号). */
export const wechat: ChannelModule<WechatConfig> = {
  name: 'wechat',
  config: wechatConfig,
  create: createWechat,
  checkCredentials,
}
