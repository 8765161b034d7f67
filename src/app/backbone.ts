import {
  connectRedis,
  createInProcessBus,
  createInProcessCache,
  createInProcessLimiters,
  createInProcessLocks,
  type RedisBackbone,
} from '../bus/index.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../core/log.ts'

/** Live events, locks, cache and limiters: over Redis where it is configured, else within this process. */
export const openBackbone = (config: Config, log: Logger): Promise<RedisBackbone> => {
  const { url, prefix } = config.redis
  if (url !== undefined) return connectRedis({ url, prefix, log })
  return Promise.resolve({
    bus: createInProcessBus(),
    locks: createInProcessLocks(),
    cache: createInProcessCache(),
    limiters: createInProcessLimiters(),
    isConnected: () => true,
  })
}
