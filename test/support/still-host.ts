import { createMovableClock } from '../../src/core/clock.ts'
import { createContractHost, type ContractHost } from '../contract/channel.ts'
import { createTestCache } from './channel-host.ts'

/** A host whose time stands until it is moved: nothing ends by itself while a busy machine is looking at it. */
export const createStillHost = (inboxId?: string): ContractHost => {
  const present = new Date()
  const clock = createMovableClock({ now: () => present })
  return { ...createContractHost(inboxId), clock, cache: createTestCache(clock) }
}
