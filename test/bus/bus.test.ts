import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startRedis } from '../../bench/torture/services.ts'
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
      isConnected: () => true,
    }
    return Promise.resolve({ one: backbone, other: backbone })
  })
})

describeWith('redis', 'a node whose Redis is gone', () => {
  it('hears itself all the same, and others once it is back', async () => {
    const redis = await startRedis()
    const options = { url: redis.url, prefix: 'tongda-test', log: silentLog }
    const [one, other] = [await connectRedis(options), await connectRedis(options)]
    const heard: unknown[] = []
    await one.bus.subscribe('topic', (payload) => heard.push(['one', payload]))
    await other.bus.subscribe('topic', (payload) => heard.push(['other', payload]))
    await redis.crash()
    one.bus.publish('topic', 'alone')
    await expect.poll(() => heard).toEqual([['one', 'alone']])
    await redis.start()
    await expect
      .poll(() => {
        one.bus.publish('topic', 'together')
        return heard
      })
      .toContainEqual(['other', 'together'])
    await Promise.all([one.bus.close(), other.bus.close()])
    await redis.dispose()
  })
})

describeWith('redis', 'Redis', (url) => {
  itIsABackbone(async () => {
    const options = { url, prefix: `tongda-test-${randomUUID()}`, log: silentLog }
    return { one: await connectRedis(options), other: await connectRedis(options) }
  })
})
