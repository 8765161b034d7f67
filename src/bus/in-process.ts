import { LRUCache } from 'lru-cache'
import type { Bus, Cache, Locks } from '../core/bus.ts'

/** The bus of one process. Hearers run after the publisher's own work, as they would over a network. */
export const createInProcessBus = (): Bus => {
  const hearers = new Map<string, Set<(payload: unknown) => void>>()
  return {
    publish: (topic, payload) => {
      const hearing = hearers.get(topic)
      if (hearing === undefined) return
      queueMicrotask(() => {
        for (const hear of hearing) hear(payload)
      })
    },
    subscribe: (topic, hear) => {
      const hearing = hearers.get(topic) ?? new Set()
      hearers.set(topic, hearing)
      hearing.add(hear)
      return Promise.resolve(() => {
        hearing.delete(hear)
        if (hearing.size === 0 && hearers.get(topic) === hearing) hearers.delete(topic)
      })
    },
    close: () => {
      hearers.clear()
      return Promise.resolve()
    },
  }
}

/** Locks of one process: holders queue up, and a hold that lasts too long is passed over. */
export const createInProcessLocks = (): Locks => {
  const tails = new Map<string, Promise<void>>()
  const alone = new Set<string>()
  return {
    withLock: async (key, ttlMs, work) => {
      const before = tails.get(key) ?? Promise.resolve()
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const tail = before.then(() => held)
      tails.set(key, tail)
      await before
      const timer = setTimeout(release, ttlMs)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
        release()
        if (tails.get(key) === tail) tails.delete(key)
      }
    },
    holdAlone: async (key, stopped, work) => {
      if (alone.has(key)) return 'taken'
      alone.add(key)
      try {
        await work(stopped)
        return 'held'
      } finally {
        alone.delete(key)
      }
    },
  }
}

/** The cache of one process, bounded: the least used entry goes first. */
export const createInProcessCache = (maxEntries = 100_000): Cache => {
  const entries = new LRUCache<string, string>({ max: maxEntries, ttlAutopurge: false })
  return {
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, value, ttlMs) => {
      entries.set(key, value, { ttl: ttlMs })
      return Promise.resolve()
    },
    add: (key, value, ttlMs) => {
      if (entries.get(key) !== undefined) return Promise.resolve(false)
      entries.set(key, value, { ttl: ttlMs })
      return Promise.resolve(true)
    },
    drop: (key, value) => Promise.resolve(entries.get(key) === value && entries.delete(key)),
  }
}
