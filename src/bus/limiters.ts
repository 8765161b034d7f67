import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { LimiterOptions, Limiter, Limiters } from '../core/bus.ts'

/** A limiter of our shape that counts in one of the library's. */
export const wrapLimiter = (counter: RateLimiterAbstract, points: number): Limiter => ({
  count: async (key) => (await counter.penalty(key)).consumedPoints,
  pass: async (key, durationMs) => {
    const { consumedPoints, msBeforeNext } = await counter.penalty(key, 1, {
      customDuration: durationMs / 1_000,
    })
    return consumedPoints <= points ? undefined : Math.max(1, msBeforeNext)
  },
  take: async (key, amount = 1) => {
    const { consumedPoints, msBeforeNext } = await counter.penalty(key, amount)
    const left = points - consumedPoints
    return { allowed: left >= 0, left: Math.max(0, left), resetMs: Math.max(0, msBeforeNext) }
  },
  takeBack: async (key) => {
    await counter.reward(key)
  },
  forget: async (key) => {
    await counter.delete(key)
  },
})

/** The library's limiter within this process. */
const memoryCounter = ({ name, points, durationMs }: LimiterOptions): RateLimiterMemory =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: durationMs / 1_000 })

/** Limiters that count in this process. */
export const createInProcessLimiters = (): Limiters => {
  const counters = new Map<string, RateLimiterMemory>()
  return {
    create: (options) => {
      const counter = counters.get(options.name) ?? memoryCounter(options)
      counters.set(options.name, counter)
      return wrapLimiter(counter, options.points)
    },
  }
}
