import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { LimiterOptions, Limiter, Limiters } from '../core/bus.ts'

/** A limiter of our shape on one of the library's. */
export const wrapLimiter = (limiter: RateLimiterAbstract): Limiter => ({
  count: async (key) => (await limiter.penalty(key)).consumedPoints,
  pass: async (key, durationMs) => {
    try {
      await limiter.consume(key, 1, { customDuration: durationMs / 1_000 })
      return undefined
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      return Math.max(1, refused.msBeforeNext)
    }
  },
  take: async (key) => {
    const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
    const left = limiter.points - consumedPoints
    return { allowed: left >= 0, left: Math.max(0, left), resetMs: Math.max(0, msBeforeNext) }
  },
  takeBack: async (key) => {
    await limiter.reward(key)
  },
  forget: async (key) => {
    await limiter.delete(key)
  },
})

/** The library's limiter within this process. */
const memoryLimiter = ({ name, points, durationMs }: LimiterOptions): RateLimiterMemory =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: durationMs / 1_000 })

/** Limiters that count in this process. */
export const createInProcessLimiters = (): Limiters => {
  const known = new Map<string, Limiter>()
  return {
    create: (options) => {
      const limiter = known.get(options.name) ?? wrapLimiter(memoryLimiter(options))
      known.set(options.name, limiter)
      return limiter
    },
  }
}
