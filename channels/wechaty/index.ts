import type { ChannelModule } from '../../src/core/channel.ts'
import { createWechaty } from './channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { wechatyConfig } from './manifest.ts'
import type { WechatyConfig } from './manifest.ts'

/** Personal WeChat and whatever else a Wechaty puppet reaches. */
export const wechaty: ChannelModule<WechatyConfig> = {
  name: 'wechaty',
  config: wechatyConfig,
  create: createWechaty,
  checkCredentials,
}
