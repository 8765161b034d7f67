import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { WebLimits } from './manifest.ts'

/** Milliseconds to wait before the next try, or undefined when this one may go on. */
export type Wait = number | undefined

/** How often things may happen, counted on this node. */
export interface Limits {
  message(visitor: string): Promise<Wait>
  request(visitor: string): Promise<Wait>
  session(remoteAddress: string): Promise<Wait>
  /** A customer by a good token. Apart from sessions: many of them come from one office, and strangers take none. */
  identity(customer: string): Promise<Wait>
  /** A bad token from an address; who is refused holds up nobody but others who are. */
  refusedIdentity(remoteAddress: string): Promise<Wait>
  /** A file of so many bytes from a visitor at an address. */
  upload(visitor: string, remoteAddress: string, bytes: number): Promise<Wait>
  frame(socketId: number): Promise<Wait>
  /** Forgets a closed socket. */
  forgetSocket(socketId: number): Promise<void>
}

/** One key for everybody who can change addresses freely: an IPv4 address, or an IPv6 /64. */
export const addressKey = (remoteAddress: string): string => {
  if (!ipaddr.isValid(remoteAddress)) return 'unknown'
  const address = ipaddr.process(remoteAddress)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')
}

const take = async (limiter: RateLimiterMemory, key: string | number, points = 1): Promise<Wait> => {
  try {
    await limiter.consume(key, points)
    return undefined
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
    throw refusal
  }
}

/**
 * The limits of one inbox. Every counter ends by itself; keys are visitors and customers with a valid token, open
 * sockets, or addresses within the total of sessions, so that no flood can grow them without bound.
 */
export const createLimits = (limits: WebLimits): Limits => {
  const messages = new RateLimiterMemory({ points: limits.messagesPer10s, duration: 10 })
  const requests = new RateLimiterMemory({ points: limits.requestsPer10s, duration: 10 })
  const frames = new RateLimiterMemory({ points: limits.framesPer10s, duration: 10 })
  const sessions = new RateLimiterMemory({ points: limits.sessionsPerMinute, duration: 60 })
  const allSessions = new RateLimiterMemory({ points: limits.sessionsPerMinuteTotal, duration: 60 })
  const identities = new RateLimiterMemory({ points: limits.identitiesPerMinute, duration: 60 })
  const refusals = new RateLimiterMemory({ points: limits.identitiesPerMinute, duration: 60 })
  const allRefusals = new RateLimiterMemory({ points: limits.sessionsPerMinuteTotal, duration: 60 })
  const uploads = new RateLimiterMemory({ points: limits.uploadsPerMinute, duration: 60 })
  const uploadBytes = new RateLimiterMemory({ points: limits.uploadBytesPerHour, duration: 3_600 })
  return {
    message: (visitor) => take(messages, visitor),
    request: (visitor) => take(requests, visitor),
    identity: (customer) => take(identities, customer),
    refusedIdentity: async (remoteAddress) =>
      (await take(allRefusals, 'all')) ?? (await take(refusals, addressKey(remoteAddress))),
    upload: async (visitor, remoteAddress, bytes) =>
      (await take(uploads, visitor)) ?? (await take(uploadBytes, addressKey(remoteAddress), bytes)),
    frame: (socketId) => take(frames, socketId),
    async forgetSocket(socketId) {
      await frames.delete(socketId)
    },
    async session(remoteAddress) {
      const key = addressKey(remoteAddress)
      // Looked at before the total is touched: an address over its limit must not use up everybody's.
      const used = await sessions.get(key)
      if (used && used.remainingPoints <= 0) return Math.max(1, used.msBeforeNext)
      return (await take(allSessions, 'all')) ?? (await take(sessions, key))
    },
  }
}
