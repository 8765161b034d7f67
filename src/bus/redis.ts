import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Bus, Cache, Limiter, LimiterOptions, Limiters, Locks } from '../core/bus.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createAsking, type Asking } from './asking.ts'
import { createInProcessBus, createInProcessCache, createInProcessLocks } from './in-process.ts'
import { createInProcessLimiters, wrapLimiter } from './limiters.ts'

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
  /** After so long, in milliseconds, a lock of a node that died passes to another. Default 15 000. */
  readonly lockMs?: number
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

// What has passed to another holder is not ours to prolong.
const prolongIfEqual = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`

// One that is gone, since Redis forgot everything, is taken again.
const takeUnlessOthers = `local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1`

const connect = async (url: string, log: Logger, role: string): Promise<Client> => {
  const client = await createPlainClient(url)
  // Every try that fails is an error to the client; whoever reads the log needs the beginning and the end.
  let isAway = false
  client.on('error', (error: Error) => {
    if (client.isReady) {
      log.warn({ role, reason: error.message }, 'Redis or what it sent is faulty')
      return
    }
    if (!isAway) log.warn({ role, reason: error.message }, 'Redis is away, trying until it is back')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) log.info({ role }, 'Redis is back')
    isAway = false
  })
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

/** What everything is made of; `asking` goes by `publisher`. */
interface Parts {
  readonly publisher: Client
  readonly asking: Asking
  readonly prefix: string
}

/** What travels: the node that published, so that it does not hear itself twice. */
interface Letter {
  readonly from: string
  readonly payload: unknown
}

/** So long whoever subscribes waits for Redis, in milliseconds. */
const subscribeMs = 1_000

/**
 * A node hears itself at once, whatever becomes of Redis: most of what it waits for, it does itself. Others hear of it by
 * Redis; while that is away, polling finds what they missed.
 */
const createBus = (parts: Parts, subscriber: Client): Bus => {
  const { publisher, asking, prefix } = parts
  const node = randomUUID()
  const here = createInProcessBus()
  const channelOf = (topic: string): string => `${prefix}:${topic}`
  return {
    publish: (topic, payload) => {
      here.publish(topic, payload)
      const letter: Letter = { from: node, payload }
      void asking.ask(
        () => publisher.publish(channelOf(topic), JSON.stringify(letter)),
        () => 0,
      )
    },
    subscribe: async (topic, hear) => {
      const leave = await here.subscribe(topic, hear)
      const listener = (text: string): void => {
        // Written above, by this node or another.
        const { from, payload } = JSON.parse(text) as Letter
        if (from !== node) hear(payload)
      }
      const subscribed = subscriber.subscribe(channelOf(topic), listener)
      // While Redis is away it is done once that is back: whoever listens hears this node now, and the others then.
      await Promise.race([subscribed, delay(subscribeMs, undefined, { ref: false })])
      return () => {
        leave()
        // What is not subscribed yet cannot be taken back.
        subscribed.then(() => subscriber.unsubscribe(channelOf(topic), listener)).catch(() => undefined)
      }
    },
    close: async () => {
      await Promise.allSettled([here.close(), publisher.close(), subscriber.close()])
    },
  }
}

/** What a node remembers by itself of what it read, in milliseconds: nobody tells it when that is dropped. */
const rememberMs = 10 * 60_000
const mostRemembered = 10_000

/** While Redis is away each node goes by what it wrote and read itself. */
const createCache = ({ publisher, asking: { ask }, prefix }: Parts): Cache => {
  const own = createInProcessCache(mostRemembered)
  const keyOf = (key: string): string => `${prefix}:cache:${key}`
  return {
    get: async (key) => {
      const found = await ask(
        async () => (await publisher.get(keyOf(key))) ?? undefined,
        () => own.get(key),
      )
      if (found !== undefined) await own.set(key, found, rememberMs)
      return found
    },
    set: async (key, value, ttlMs) => {
      await own.set(key, value, Math.min(ttlMs, rememberMs))
      await ask(
        () => publisher.set(keyOf(key), value, { expiration: { type: 'PX', value: ttlMs } }),
        () => null,
      )
    },
    add: async (key, value, ttlMs) => {
      const added = await own.add(key, value, Math.min(ttlMs, rememberMs))
      return ask(
        async () =>
          (await publisher.set(keyOf(key), value, {
            expiration: { type: 'PX', value: ttlMs },
            condition: 'NX',
          })) === 'OK',
        () => added,
      )
    },
    drop: async (key, value) => {
      const dropped = await own.drop(key, value)
      return ask(
        async () => (await publisher.eval(dropIfEqual, { keys: [keyOf(key)], arguments: [value] })) === 1,
        () => dropped,
      )
    },
  }
}

/** The holder counts on it for two thirds of the time that Redis keeps it for: the rest is there to end the work in. */
const createHoldAlone =
  ({ publisher, asking, prefix }: Parts, lockMs: number): Locks['holdAlone'] =>
  async (key, stopped, work) => {
    const [lock, holder] = [`${prefix}:alone:${key}`, randomUUID()]
    const ending = new AbortController()
    let doubt: NodeJS.Timeout | undefined
    /** Takes it, or prolongs it; undefined: Redis does not say. */
    const take = async (): Promise<boolean | undefined> => {
      const countsUntil = performance.now() + (lockMs * 2) / 3
      const isOurs = await asking.ask<boolean | undefined>(
        async () =>
          (await publisher.eval(takeUnlessOthers, { keys: [lock], arguments: [holder, String(lockMs)] })) ===
          1,
        () => undefined,
      )
      if (isOurs === true) {
        clearTimeout(doubt)
        doubt = setTimeout(() => ending.abort(), countsUntil - performance.now())
      }
      return isOurs
    }
    const keep = async (over: AbortSignal): Promise<void> => {
      while (!over.aborted) {
        // Often: where Redis forgot everything, the holder learns of another before that one has got far.
        await delay(lockMs / 15, undefined, { signal: over }).catch(() => undefined)
        if ((await take()) === false) ending.abort()
      }
    }
    try {
      const isOurs = await take()
      if (isOurs !== true) return isOurs === false ? 'taken' : 'unknown'
      // Made only by a holder: whoever asks again and again would leave one at `stopped` each time.
      const over = AbortSignal.any([stopped, ending.signal])
      const keeping = keep(over)
      await work(over).finally(() => {
        ending.abort()
        return keeping
      })
      return 'held'
    } finally {
      clearTimeout(doubt)
      // As above: it comes after whatever was asked too late.
      if (publisher.isReady)
        publisher.eval(dropIfEqual, { keys: [lock], arguments: [holder] }).catch(() => undefined)
    }
  }

/** While Redis is away each node excludes its own alone; what is done under a lock is safe when two hold it, for it may end early. */
const createLocks = ({ publisher, asking, prefix }: Parts, lockMs: number): Locks => {
  const { ask } = asking
  const own = createInProcessLocks()
  /** Says again and again that the holder lives, for as long as it may hold. */
  const keepAlive = (lock: string, holder: string, ttlMs: number): (() => void) => {
    const endMs = performance.now() + ttlMs
    const prolong = (): void => {
      const leftMs = Math.min(lockMs, Math.floor(endMs - performance.now()))
      if (leftMs <= 0) stop()
      else if (asking.isAnswering())
        publisher
          .eval(prolongIfEqual, { keys: [lock], arguments: [holder, String(leftMs)] })
          .catch(() => undefined)
    }
    const timer = setInterval(prolong, lockMs / 3)
    timer.unref()
    const stop = (): void => clearInterval(timer)
    return stop
  }
  const hold = async <Result>(lock: string, ttlMs: number, work: () => Promise<Result>): Promise<Result> => {
    const holder = randomUUID()
    const take = (): Promise<boolean> =>
      ask(
        async () =>
          (await publisher.set(lock, holder, {
            expiration: { type: 'PX', value: Math.min(ttlMs, lockMs) },
            condition: 'NX',
          })) === 'OK',
        () => true,
      )
    for (let pauseMs = 5; !(await take()); pauseMs = Math.min(pauseMs * 2, 100)) await delay(pauseMs)
    const stop = keepAlive(lock, holder, ttlMs)
    try {
      return await work()
    } finally {
      stop()
      // Not asked as all else: one that was taken after it was given up for late has to be given back, too, and comes first.
      if (publisher.isReady)
        publisher.eval(dropIfEqual, { keys: [lock], arguments: [holder] }).catch(() => undefined)
    }
  }
  return {
    withLock: (key, ttlMs, work) =>
      own.withLock(key, ttlMs, () => hold(`${prefix}:lock:${key}`, ttlMs, work)),
    holdAlone: createHoldAlone({ publisher, asking, prefix }, lockMs),
  }
}

/** One of two limiters, whichever `ask` gives: that of Redis, or the node's own. */
const eitherLimiter = (ask: Asking['ask'], shared: Limiter, own: Limiter): Limiter => {
  const either =
    <Given extends readonly unknown[], Answer>(call: (of: Limiter, ...given: Given) => Promise<Answer>) =>
    (...given: Given): Promise<Answer> =>
      ask(
        () => call(shared, ...given),
        () => call(own, ...given),
      )
  return {
    count: either((of, key: string) => of.count(key)),
    pass: either((of, key: string, durationMs: number) => of.pass(key, durationMs)),
    take: either((of, key: string, amount?: number) => of.take(key, amount)),
    takeBack: either((of, key: string) => of.takeBack(key)),
    forget: either((of, key: string) => of.forget(key)),
  }
}

/** Counts in Redis; while it is away each node counts by itself, so that nobody gets free tries or is locked out. */
const createLimiters = ({ publisher, asking: { ask }, prefix }: Parts): Limiters => {
  const own = createInProcessLimiters()
  const shared = (options: LimiterOptions): Limiter =>
    wrapLimiter(
      new RateLimiterRedis({
        storeClient: publisher,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        keyPrefix: `${prefix}:limit:${options.name}`,
        points: options.points,
        duration: options.durationMs / 1_000,
      }),
      options.points,
    )
  return { create: (options) => eitherLimiter(ask, shared(options), own.create(options)) }
}

/** Connects to Redis. Throws `bad_config` when it does not answer within 5 s. */
export const connectRedis = async (options: RedisOptions): Promise<RedisBackbone> => {
  const publisher = await connect(options.url, options.log, 'publisher')
  const subscriber = await connect(options.url, options.log, 'subscriber')
  const parts = { publisher, asking: createAsking(publisher, options.log), prefix: options.prefix }
  return {
    bus: createBus(parts, subscriber),
    cache: createCache(parts),
    locks: createLocks(parts, options.lockMs ?? 15_000),
    limiters: createLimiters(parts),
    isConnected: () => parts.asking.isAnswering() && subscriber.isReady,
  }
}
