import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import { topics, type Bus } from '../core/bus.ts'
import type { Channel } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { startPump } from '../core/pump.ts'
import type { DispatchClaim, DispatchResult, OutboxStore } from '../core/stores.ts'
import { isAlarming, reactTo } from './reactions.ts'

export interface SenderDeps {
  readonly store: OutboxStore
  readonly channel: (inboxId: string) => Channel | undefined
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  /** Names this sender in leases. */
  readonly owner: string
  /** Messages on their way at once. */
  readonly concurrency: number
  /** How long one delivery may take before it counts as uncertain and is made again. */
  readonly leaseMs: number
  readonly pollMs: number
  /** In [0, 1); jitter of retries. */
  readonly random: () => number
  /** Messages that waited for the contact longer than this are given up. */
  readonly waitingMaxMs: number
}

/** A running sender. */
export interface Sender {
  /** Takes no new messages and waits for those on their way. */
  stop(): Promise<void>
}

/** Spaces the sends of each inbox by the provider's rate. */
const createPacer = (channel: SenderDeps['channel']) => {
  const nextAt = new Map<string, number>()
  return async (inboxId: string): Promise<void> => {
    const spacingMs = 1_000 / (channel(inboxId)?.capabilities.sendsPerSecond ?? 1)
    const now = performance.now()
    const at = Math.max(now, nextAt.get(inboxId) ?? 0)
    nextAt.set(inboxId, at + spacingMs)
    if (at - now > 1) await delay(at - now)
  }
}

/** Hands a message to its channel and says how it ended; never throws. */
const createDeliver = ({ channel, log, random }: SenderDeps) => {
  const pace = createPacer(channel)
  return async ({ message }: DispatchClaim): Promise<DispatchResult> => {
    try {
      await pace(message.inboxId)
      const found = channel(message.inboxId)
      if (found === undefined) throw new Error(`inbox ${message.inboxId} is not configured any more`)
      return { status: 'sent', ...(await found.deliver(message)) }
    } catch (error) {
      const result = reactTo(error, message.attempt, random)
      const { inboxId, id: outboxId, attempt } = message
      const facts = { inboxId, outboxId, attempt, result: result.status, error }
      if (isAlarming(error) || result.status === 'failed') log.error(facts, 'a delivery failed')
      else log.warn(facts, 'a delivery was refused')
      return result
    }
  }
}

/** Records how deliveries ended; those that end in the same moment together. */
const createSettle = ({ store, bus, clock, log }: SenderDeps) => {
  let ended: { claim: DispatchClaim; result: DispatchResult }[] = []
  return async (claim: DispatchClaim, result: DispatchResult): Promise<void> => {
    ended.push({ claim, result })
    await setImmediate()
    const results = ended
    ended = []
    if (results.length === 0) return
    try {
      await store.settle(results, clock.now())
      bus.publish(topics.outbox, {})
    } catch (error) {
      // Their leases run out and they are sent again, marked as uncertain.
      log.error({ error, count: results.length }, 'the end of deliveries could not be recorded')
    }
  }
}

const expireEveryMs = 60_000

const createExpiry = ({ store, clock, log, waitingMaxMs }: SenderDeps) => {
  let nextAt = 0
  return async (): Promise<void> => {
    const now = clock.now()
    if (now.getTime() < nextAt) return
    nextAt = now.getTime() + expireEveryMs
    const expired = await store.expire(new Date(now.getTime() - waitingMaxMs), now)
    if (expired > 0) log.warn({ expired }, 'messages waited too long for their contacts and were given up')
  }
}

/** Starts a sender: leases messages that are due, hands each to its channel, records how it ended. */
export const startSender = async (deps: SenderDeps): Promise<Sender> => {
  const { store, bus, clock, log, owner, concurrency, leaseMs, pollMs } = deps
  const deliver = createDeliver(deps)
  const settle = createSettle(deps)
  const expire = createExpiry(deps)

  const pump = startPump<DispatchClaim>({
    claim: async (limit) => {
      await expire()
      return store.claim(owner, limit, leaseMs, clock.now())
    },
    handle: async (claim) => settle(claim, await deliver(claim)),
    onClaimError: (error) => log.error({ error }, 'the outbox could not be read; the database may be away'),
    concurrency,
    pollMs,
  })
  const unsubscribe = await bus.subscribe(topics.outbox, () => pump.ring())
  return {
    stop: async () => {
      unsubscribe()
      await pump.stop()
    },
  }
}
