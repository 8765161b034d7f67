import { networkInterfaces } from 'node:os'
import type { InboxConfig } from '../config.ts'
import type { Check } from '../core/check.ts'
import { createIdleHost } from './idle-channel.ts'
import { installedChannels } from './installed-channels.ts'

/** Tries an inbox's credentials on its provider, whether or not the product runs. */
export const checkInboxCredentials = async ({
  inboxId,
  channel,
  section,
}: InboxConfig): Promise<readonly Check[]> => {
  const checks = await installedChannels[channel].checkCredentials(section, createIdleHost(inboxId))
  return checks.map((check) => ({ ...check, title: `${inboxId}: ${check.title}` }))
}

/** What to enter where a provider has an IP allow-list. */
export const outgoingAddresses = (): string => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  )
  const names = own.length === 0 ? '–' : own.join(', ')
  return `IP 白名单 IP allow-list: 本机地址 this machine has ${names}; 经 NAT 时以服务商报错里的地址为准 behind NAT the provider's refusal names the right one`
}
