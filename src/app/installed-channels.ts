import type { z } from 'zod'
import { api } from '../../channels/api/index.ts'
import { email } from '../../channels/email/index.ts'
import { botframework } from '../../channels/botframework/index.ts'
import { telegram } from '../../channels/telegram/index.ts'
import { web } from '../../channels/web/index.ts'
import { wechat } from '../../channels/wechat/index.ts'
import { weibo } from '../../channels/weibo/index.ts'
import { wecom } from '../../channels/wecom/index.ts'
import { wechaty } from '../../channels/wechaty/index.ts'
import type { Channel, ChannelHost, ChannelModule, CredentialHost } from '../core/channel.ts'
import type { Check } from '../core/check.ts'
import type { ChannelName } from '../core/message.ts'

/** A channel whose config type nobody outside needs to know. */
export interface InstalledChannel {
  readonly config: z.ZodType
  /** Starts an inbox from its raw config section; the section was checked before. */
  open(section: unknown, host: ChannelHost): Channel
  /** Tries the section's credentials on the provider. */
  checkCredentials(section: unknown, host: CredentialHost): Promise<readonly Check[]>
}

const install = <Config>(module: ChannelModule<Config>): InstalledChannel => ({
  config: module.config,
  open: (section, host) => module.create(module.config.parse(section), host),
  checkCredentials: (section, host) => module.checkCredentials(module.config.parse(section), host),
})

/** The channels this product speaks. */
export const installedChannels = {
  wechat: install(wechat),
  wecom: install(wecom),
  web: install(web),
  weibo: install(weibo),
  api: install(api),
  wechaty: install(wechaty),
  email: install(email),
  telegram: install(telegram),
  botframework: install(botframework),
} satisfies Partial<Record<ChannelName, InstalledChannel>>

/** The names of `installedChannels`. */
export type InstalledChannelName = keyof typeof installedChannels

const isInstalled = (name: string): name is InstalledChannelName => name in installedChannels

/** The same as a list. */
export const installedNames = Object.keys(installedChannels).filter(isInstalled)
