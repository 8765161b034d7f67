import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'redis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedis, type OwnRedis } from '../../bench/torture/services.ts'
import {
  connectRedis,
  createInProcessBus,
  createInProcessCache,
  createInProcessLimiters,
  createInProcessLocks,
  type RedisBackbone,
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

describeWith('redis', 'whoever subscribes while Redis is gone', () => {
  it('hears its own node at once and others once Redis is back, and nothing after it left', async () => {
    const redis = await startRedis()
    const options = { url: redis.url, prefix: 'tongda-test', log: silentLog }
    const [one, other] = [await connectRedis(options), await connectRedis(options)]
    try {
      await redis.crash()
      const [heard, left]: [unknown[], unknown[]] = [[], []]
      const leave = await one.bus.subscribe('left', (payload) => left.push(payload))
      leave()
      await one.bus.subscribe('topic', (payload) => heard.push(payload))
      one.bus.publish('topic', 'own')
      await expect.poll(() => heard).toEqual(['own'])
      await redis.start()
      await expect
        .poll(() => {
          other.bus.publish('left', 'more')
          other.bus.publish('topic', "another's")
          return heard
        })
        .toContain("another's")
      expect(left).toEqual([])
    } finally {
      await Promise.all([one.bus.close(), other.bus.close()])
      await redis.dispose()
    }
  })
})

describeWith('redis', 'a node that cannot reach Redis for a while', () => {
  it('says so once for each connection, and once that it is back', async () => {
    const redis = await startRedis()
    const told: unknown[] = []
    const tell = ({ role }: Record<string, unknown>, event: string): void => {
      if (role !== undefined) told.push([role, event])
    }
    const log = { ...silentLog, warn: tell, info: tell }
    const node = await connectRedis({ url: redis.url, prefix: 'tongda-test', log })
    await redis.crash()
    // Somebody else has its port, and hangs up on both connections again and again.
    let hungUp = 0
    const nobody = createServer((socket) => {
      hungUp += 1
      socket.destroy()
    }).listen(Number(new URL(redis.url).port), '127.0.0.1')
    await expect.poll(() => hungUp).toBeGreaterThan(6)
    nobody.close()
    await once(nobody, 'close')
    await redis.start()
    await expect.poll(() => told.length).toBe(4)
    const [away, back] = ['Redis is away, trying until it is back', 'Redis is back']
    expect(told.slice(0, 2).sort()).toEqual([
      ['publisher', away],
      ['subscriber', away],
    ])
    expect(told.slice(2).sort()).toEqual([
      ['publisher', back],
      ['subscriber', back],
    ])
    await node.bus.close()
    await redis.dispose()
  })
})

describeWith('redis', 'a lock that is held for long', (url) => {
  it('is kept while its holder lives, and passes on soon after its node has died', async () => {
    const options = { url, prefix: `tongda-test-${randomUUID()}`, log: silentLog, lockMs: 12_000 }
    const [one, other] = [await connectRedis(options), await connectRedis(options)]
    const watcher = await createClient({ url }).connect()
    const order: string[] = []
    // For an hour, and it never ends.
    const begun = new Promise<void>((resolve) => {
      one.locks
        .withLock('poll', 3_600_000, () => {
          order.push('one')
          resolve()
          return new Promise(() => undefined)
        })
        .catch(() => undefined)
    })
    await begun
    const waiting = other.locks.withLock('poll', 3_600_000, () => Promise.resolve(order.push('other')))
    // Its end is put off again and again.
    let [last, prolonged] = [0, 0]
    await expect
      .poll(async () => {
        const leftMs = await watcher.pTTL(`${options.prefix}:lock:poll`)
        if (leftMs > last) prolonged += 1
        last = leftMs
        return prolonged
      })
      .toBeGreaterThan(3)
    expect(order).toEqual(['one'])
    await one.bus.close()
    await waiting
    expect(order).toEqual(['one', 'other'])
    await Promise.all([other.bus.close(), watcher.close()])
  })
})

describeWith('redis', 'a lock that is held alone', () => {
  /** Two nodes on a Redis of their own that want it whenever they can have it. */
  const contend = async (lockMs: number) => {
    const redis = await startRedis()
    const options = { url: redis.url, prefix: 'tongda-test', log: silentLog, lockMs }
    const nodes = [await connectRedis(options), await connectRedis(options)]
    const stopping = new AbortController()
    const { signal } = stopping
    const inside = new Set<number>()
    let [most, begun] = [0, 0]
    const outcomes: string[] = []
    const keep = async ({ locks }: RedisBackbone, place: number): Promise<void> => {
      while (!signal.aborted) {
        const outcome = await locks.holdAlone('account', signal, async (over) => {
          begun += 1
          inside.add(place)
          most = Math.max(most, inside.size)
          if (!over.aborted) await once(over, 'abort')
          inside.delete(place)
        })
        outcomes.push(outcome)
        await delay(20, undefined, { signal }).catch(() => undefined)
      }
    }
    const keeping = nodes.map(keep)
    onTestFinished(async () => {
      stopping.abort()
      await Promise.all(keeping)
      await Promise.all(nodes.map(({ bus }) => bus.close()))
      await redis.dispose()
    })
    await expect.poll(() => inside.size).toBe(1)
    return { redis, nodes, outcomes, inside: () => inside.size, most: () => most, begun: () => begun }
  }

  it('is left when Redis is gone, and taken by one when it is back', async () => {
    const { redis, outcomes, inside, most, begun } = await contend(3_000)
    await redis.crash()
    await expect.poll(inside).toBe(0)
    await expect.poll(() => outcomes).toContain('unknown')
    expect(begun()).toBe(1)
    await redis.start()
    await expect.poll(inside).toBe(1)
    expect(most()).toBe(1)
  })

  it('is kept over a moment in which Redis does not answer', async () => {
    // Held for so long without an answer that no busy machine makes more of the moment.
    const { redis, nodes, inside, begun } = await contend(180_000)
    redis.pause()
    await expect.poll(() => nodes.some((node) => !node.isConnected())).toBe(true)
    redis.resume()
    await expect.poll(() => nodes.every((node) => node.isConnected())).toBe(true)
    expect([inside(), begun()]).toEqual([1, 1])
  })

  it('is left as soon as another has it', async () => {
    const { redis, inside } = await contend(3_000)
    const stranger = await createClient({ url: redis.url }).connect()
    await stranger.set('tongda-test:alone:account', 'a stranger')
    await expect.poll(inside).toBe(0)
    await stranger.del('tongda-test:alone:account')
    stranger.destroy()
    await expect.poll(inside).toBe(1)
  })
})

describeWith('redis', 'a node without an answer from Redis', () => {
  const troubles: readonly {
    readonly name: string
    readonly begin: (redis: OwnRedis) => void | Promise<void>
    readonly end: (redis: OwnRedis) => void | Promise<void>
  }[] = [
    { name: 'it is gone', begin: (redis) => redis.crash(), end: (redis) => redis.start() },
    {
      name: 'it is held still',
      begin: (redis) => {
        redis.pause()
      },
      end: (redis) => {
        redis.resume()
      },
    },
  ]
  it.each(troubles)('goes by what it knows itself, and shares again afterwards: $name', async (trouble) => {
    const redis = await startRedis()
    const options = { url: redis.url, prefix: 'tongda-test', log: silentLog }
    const [one, other] = [await connectRedis(options), await connectRedis(options)]
    // An answer that a busy machine reads late counts as none: said and asked until both nodes agree.
    const shares = (from: RedisBackbone, to: RedisBackbone, value: string) =>
      expect
        .poll(async () => {
          await from.cache.set('token', value, 60_000)
          return to.cache.get('token')
        })
        .toBe(value)
    try {
      await shares(other, one, 'first')
      await one.cache.add('slip', '1', 60_000)
      const limiter = one.limiters.create({ name: 'guesses', points: 2, durationMs: 60_000 })
      await trouble.begin(redis)

      expect(await one.cache.get('token')).toBe('first')
      expect(await one.cache.drop('token', 'first')).toBe(true)
      expect(await one.cache.get('token')).toBeUndefined()
      await one.cache.set('token', 'second', 60_000)
      expect(await one.cache.get('token')).toBe('second')
      expect([await one.cache.add('slip', '1', 60_000), await one.cache.add('new', '1', 60_000)]).toEqual([
        false,
        true,
      ])
      const order: string[] = []
      const held = (name: string) =>
        one.locks.withLock('lock', 60_000, async () => {
          order.push(`${name} begins`)
          await new Promise(setImmediate)
          order.push(`${name} ends`)
        })
      await Promise.all([held('a'), held('b')])
      expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
      expect([await limiter.count('k'), await limiter.count('k'), await limiter.count('k')]).toEqual([
        1, 2, 3,
      ])
      expect(await limiter.take('k')).toMatchObject({ allowed: false, left: 0 })
      expect(await limiter.pass('gate', 60_000)).toBeUndefined()
      await limiter.takeBack('k')
      await limiter.forget('k')
      expect(await limiter.count('k')).toBe(1)
      expect(one.isConnected()).toBe(false)

      await trouble.end(redis)
      await expect.poll(() => [one.isConnected(), other.isConnected()]).toEqual([true, true])
      await shares(one, other, 'third')
      // Nothing is held for ever by a command that was given up.
      expect(await other.locks.withLock('lock', 60_000, () => Promise.resolve('mine'))).toBe('mine')
    } finally {
      redis.resume()
      await Promise.all([one.bus.close(), other.bus.close()])
      await redis.dispose()
    }
  })
})

describeWith('redis', 'Redis', (url) => {
  itIsABackbone(async () => {
    const options = { url, prefix: `tongda-test-${randomUUID()}`, log: silentLog }
    return { one: await connectRedis(options), other: await connectRedis(options) }
  })
})
