import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Bus, Cache, Limiters, Locks } from '../core/bus.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createInProcessBus } from './in-process.ts'
import { memoryLimiter, wrapLimiter } from './limiters.ts'

/** Bus, locks and cache on one Redis. */
export interface RedisBackbone {
  readonly bus: Bus
  readonly locks: Locks
  readonly cache: Cache
  readonly limiters: Limiters
  /** False while Redis is away, where there is one. */
  isConnected(): boolean
}

/** Where Redis is. `prefix` keeps several installations on one server apart. */
export interface RedisOptions {
  /** `redis://…`; may carry a password and is never logged. */
  readonly url: string
  readonly prefix: string
  readonly log: Logger
}

const createPlainClient = async (url: string) => {
  // Loaded where it is used: one node without Redis need not pay 10 MB and 0.2 s for it.
  const { createClient } = await import('redis')
  return createClient({
    url,
    socket: { connectTimeout: 5_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2_000) },
  })
}

type Client = Awaited<ReturnType<typeof createPlainClient>>

// Deletes only what is still ours: between reading and deleting, another holder may have come.
const dropIfEqual = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`

const connect = async (url: string, log: Logger, role: string): Promise<Client> => {
  const client = await createPlainClient(url)
  client.on('error', (error: Error) =>
    log.warn({ role, reason: error.message }, 'Redis does not answer, trying again'),
  )
  const first = await Promise.race([client.connect(), delay(5_000, undefined, { ref: false })])
  if (first === undefined) {
    client.destroy()
    throw new TongdaError(
      'bad_config',
      'Redis does not answer within 5 s; check redis.url and that the server runs, or leave redis.url out to run one node without it',
    )
  }
  return client
}

/** What travels: the node that published, so that it does not hear itself twice. */
interface Letter {
  readonly from: string
  readonly payload: unknown
}

/**
 * A node hears itself at once, whatever becomes of Redis: most of what it waits for, it does itself. Others hear of it by
 * Redis; while that is away, polling finds what they missed.
 */
const createBus = (publisher: Client, subscriber: Client, options: RedisOptions): Bus => {
  const node = randomUUID()
  const here = createInProcessBus()
  const channelOf = (topic: string): string => `${options.prefix}:${topic}`
  return {
    publish: (topic, payload) => {
      here.publish(topic, payload)
      const letter: Letter = { from: node, payload }
      if (publisher.isReady)
        publisher.publish(channelOf(topic), JSON.stringify(letter)).catch(() => undefined)
    },
    subscribe: async (topic, hear) => {
      const leave = await here.subscribe(topic, hear)
      const listener = (text: string): void => {
        // Written above, by this node or another.
        const { from, payload } = JSON.parse(text) as Letter
        if (from !== node) hear(payload)
      }
      await subscriber.subscribe(channelOf(topic), listener)
      return () => {
        leave()
        subscriber.unsubscribe(channelOf(topic), listener).catch(() => undefined)
      }
    },
    close: async () => {
      await Promise.allSettled([here.close(), publisher.close(), subscriber.close()])
    },
  }
}

const createCache = (client: Client, prefix: string): Cache => {
  const keyOf = (key: string): string => `${prefix}:cache:${key}`
  return {
    get: async (key) => (await client.get(keyOf(key))) ?? undefined,
    set: async (key, value, ttlMs) => {
      await client.set(keyOf(key), value, { expiration: { type: 'PX', value: ttlMs } })
    },
    add: async (key, value, ttlMs) =>
      (await client.set(keyOf(key), value, { expiration: { type: 'PX', value: ttlMs }, condition: 'NX' })) ===
      'OK',
    drop: async (key, value) =>
      (await client.eval(dropIfEqual, { keys: [keyOf(key)], arguments: [value] })) === 1,
  }
}

const createLocks = (client: Client, prefix: string): Locks => ({
  withLock: async (key, ttlMs, work) => {
    const lock = `${prefix}:lock:${key}`
    const holder = randomUUID()
    const take = () => client.set(lock, holder, { expiration: { type: 'PX', value: ttlMs }, condition: 'NX' })
    for (let pauseMs = 5; (await take()) !== 'OK'; pauseMs = Math.min(pauseMs * 2, 100)) await delay(pauseMs)
    try {
      return await work()
    } finally {
      await client.eval(dropIfEqual, { keys: [lock], arguments: [holder] }).catch(() => undefined)
    }
  },
})

/** Counts in Redis; while it is away each node counts by itself, so that nobody gets free tries or is locked out. */
const createLimiters = (client: Client, prefix: string): Limiters => ({
  create: (options) =>
    wrapLimiter(
      new RateLimiterRedis({
        storeClient: client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        keyPrefix: `${prefix}:limit:${options.name}`,
        points: options.points,
        duration: options.durationMs / 1_000,
        insuranceLimiter: memoryLimiter(options),
      }),
    ),
})

/** Connects to Redis. Throws `bad_config` when it does not answer within 5 s. */
export const connectRedis = async (options: RedisOptions): Promise<RedisBackbone> => {
  const publisher = await connect(options.url, options.log, 'publisher')
  const subscriber = await connect(options.url, options.log, 'subscriber')
  return {
    bus: createBus(publisher, subscriber, options),
    cache: createCache(publisher, options.prefix),
    locks: createLocks(publisher, options.prefix),
    limiters: createLimiters(publisher, options.prefix),
    isConnected: () => publisher.isReady && subscriber.isReady,
  }
}
