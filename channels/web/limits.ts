import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Limiter } from '../../src/core/bus.ts'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { WebLimits } from './manifest.ts'

/** Milliseconds to wait before the next try, or undefined when this one may go on. */
export type Wait = number | undefined

/** How often things may happen: frames on this node, all else over all nodes. */
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

const take = async (limiter: Limiter, key: string, amount?: number): Promise<Wait> => {
  const { allowed, resetMs } = await limiter.take(key, amount)
  return allowed ? undefined : Math.max(1, resetMs)
}

/** Within what all addresses have together: bounds how many are remembered, whoever changes theirs freely. */
const takeOfAll = async (all: Limiter, each: Limiter, remoteAddress: string): Promise<Wait> => {
  const full = await take(all, 'all')
  if (full !== undefined) return full
  const wait = await take(each, addressKey(remoteAddress))
  // An address over its limit must not use up everybody's.
  if (wait !== undefined) await all.takeBack('all')
  return wait
}

/** Frames of open sockets, each of which is on one node. */
const createFrameLimit = (framesPer10s: number): Pick<Limits, 'frame' | 'forgetSocket'> => {
  const frames = new RateLimiterMemory({ points: framesPer10s, duration: 10 })
  return {
    async frame(socketId) {
      try {
        await frames.consume(socketId)
        return undefined
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
        throw refusal
      }
    },
    async forgetSocket(socketId) {
      await frames.delete(socketId)
    },
  }
}

/**
 * The limits of one inbox. Every counter ends by itself; keys are visitors and customers with a valid token, open
 * sockets, or addresses within the total of sessions, so that no flood can grow them without bound.
 */
export const createLimits = (
  limits: WebLimits,
  { inboxId, limiters }: Pick<ChannelHost, 'inboxId' | 'limiters'>,
): Limits => {
  const limiter = (name: string, points: number, seconds: number): Limiter =>
    limiters.create({ name: `web:${inboxId}:${name}`, points, durationMs: seconds * 1_000 })
  const messages = limiter('messages', limits.messagesPer10s, 10)
  const requests = limiter('requests', limits.requestsPer10s, 10)
  const sessions = limiter('sessions', limits.sessionsPerMinute, 60)
  const allSessions = limiter('all-sessions', limits.sessionsPerMinuteTotal, 60)
  const identities = limiter('identities', limits.identitiesPerMinute, 60)
  const refusals = limiter('refusals', limits.identitiesPerMinute, 60)
  const allRefusals = limiter('all-refusals', limits.sessionsPerMinuteTotal, 60)
  const uploads = limiter('uploads', limits.uploadsPerMinute, 60)
  const uploadBytes = limiter('upload-bytes', limits.uploadBytesPerHour, 3_600)
  return {
    ...createFrameLimit(limits.framesPer10s),
    message: (visitor) => take(messages, visitor),
    request: (visitor) => take(requests, visitor),
    session: (remoteAddress) => takeOfAll(allSessions, sessions, remoteAddress),
    identity: (customer) => take(identities, customer),
    refusedIdentity: (remoteAddress) => takeOfAll(allRefusals, refusals, remoteAddress),
    upload: async (visitor, remoteAddress, bytes) =>
      (await take(uploads, visitor)) ?? (await take(uploadBytes, addressKey(remoteAddress), bytes)),
  }
}
