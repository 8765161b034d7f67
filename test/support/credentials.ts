import { createIdleHost } from '../../src/app/idle-channel.ts'
import type { ChannelModule } from '../../src/core/channel.ts'

/** What trying a section's credentials finds: passed, or what to do. */
export const findingsOf = async <Config>(
  module: ChannelModule<Config>,
  section: Readonly<Record<string, unknown>>,
): Promise<readonly (true | string)[]> => {
  const checks = await module.checkCredentials(module.config.parse(section), createIdleHost('main'))
  return checks.map(({ passed, fix = '' }) => (passed ? true : fix))
}
