import { randomUUID } from 'node:crypto'
import { describe } from 'vitest'
import {
  connectRedis,
  createInProcessBus,
  createInProcessCache,
  createInProcessLimiters,
  createInProcessLocks,
} from '../../src/bus/index.ts'
import { silentLog } from '../../src/core/log.ts'
import { itIsABackbone } from '../contract/bus.ts'
import { describeWith } from '../support/services.ts'

describe('one process', () => {
  itIsABackbone(() => {
    const backbone = {
      bus: createInProcessBus(),
      locks: createInProcessLocks(),
      cache: createInProcessCache(),
      limiters: createInProcessLimiters(),
    }
    return Promise.resolve({ one: backbone, other: backbone })
  })
})

describeWith('redis', 'Redis', (url) => {
  itIsABackbone(async () => {
    const options = { url, prefix: `tongda-test-${randomUUID()}`, log: silentLog }
    return { one: await connectRedis(options), other: await connectRedis(options) }
  })
})
