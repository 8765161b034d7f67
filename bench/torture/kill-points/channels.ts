import { installedChannels as installed, type InstalledChannel } from '../../../src/app/installed-channels.ts'
import { step } from './points.ts'

export * from '../../../src/app/installed-channels.ts'

const dying = (channel: InstalledChannel): InstalledChannel => ({
  ...channel,
  open: (section, host) => {
    const open = channel.open(section, host)
    return { ...open, deliver: (message) => step('call', () => open.deliver(message)) }
  },
})

/** The channels, with moments to die at around a provider's call. */
export const installedChannels: typeof installed = {
  ...installed,
  wechat: dying(installed.wechat),
}
