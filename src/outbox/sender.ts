import { topics, type Bus } from '../core/bus.ts'
import type { Channel } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import { ChannelError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { OutboundMessage } from '../core/message.ts'
import { startPump } from '../core/pump.ts'
import { momentNow, type HearStep } from '../core/journey.ts'
import type { WatchJourney } from '../core/trace.ts'
import type { DispatchClaim, DispatchResult, DispatchRoom, OutboxStore } from '../core/stores.ts'
import type { DeliveryEnds } from './delivery-ends.ts'
import { createPacer } from './pacer.ts'
import { isAlarming, reactTo, type DeliveryHistory } from './reactions.ts'
import { createSlots } from './slots.ts'

export interface SenderDeps {
  readonly store: OutboxStore
  readonly ends: DeliveryEnds
  readonly channel: (inboxId: string) => Channel | undefined
  /** Inboxes whose messages only another node can send now. */
  readonly elsewhere: () => readonly string[]
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly watch: WatchJourney
  /** Hears of each attempt that is over. */
  readonly hear?: HearStep
  /** Names this sender in leases. */
  readonly owner: string
  /** Messages on their way at once. */
  readonly concurrency: number
  /** How long one delivery may take before it counts as uncertain and is made again. */
  readonly leaseMs: number
  readonly pollMs: number
  /** In [0, 1); jitter of retries. */
  readonly random: () => number
  /** Messages that waited for the contact, for a paused inbox or for a node that can send, longer than this are given up. */
  readonly waitingMaxMs: number
}

/** A running sender. */
export interface Sender {
  /** Takes no new messages, gives back those that wait for their turn and waits for those on their way. */
  stop(): Promise<void>
}

const pausesInbox = (result: DispatchResult): boolean =>
  result.status !== 'sent' && result.pauseInboxMs !== undefined

const gone = ({ inboxId }: OutboundMessage): ChannelError =>
  new ChannelError('api', 'temporary', `inbox ${inboxId} is not configured any more`, {
    hint: `put inbox ${inboxId} back into the configuration`,
  })

/** Hands a message to its channel and says how it ended; never throws. */
const createDeliver = ({ channel, clock, log, watch, random, waitingMaxMs }: SenderDeps) => {
  const historyOf = ({ message, tries }: DispatchClaim): DeliveryHistory => ({
    attempt: message.attempt,
    tries,
    tooOld: clock.now().getTime() - message.createdAt.getTime() > waitingMaxMs,
  })
  return async (claim: DispatchClaim): Promise<DispatchResult> => {
    const { message } = claim
    const startedAt = performance.now()
    try {
      const found = channel(message.inboxId)
      if (found === undefined) throw gone(message)
      const sent = await found.deliver(message)
      watch('send', performance.now() - startedAt)
      return { status: 'sent', ...sent }
    } catch (error) {
      watch('send', performance.now() - startedAt)
      const result = reactTo(error, historyOf(claim), random)
      const { inboxId, id: outboxId, attempt } = message
      const facts = { inboxId, outboxId, attempt, result: result.status, error }
      if (isAlarming(error) || result.status === 'failed') log.error(facts, 'a delivery failed')
      // The ordinary course of channels with a reply window: nobody has to do anything.
      else if (result.status === 'waiting') log.info(facts, 'a delivery waits for the contact')
      else log.warn(facts, 'a delivery was refused')
      return result
    }
  }
}

/** Delivers, and tells of it. */
const createTold = (deps: SenderDeps): ((claim: DispatchClaim) => Promise<DispatchResult>) => {
  const { hear } = deps
  const deliver = createDeliver(deps)
  if (hear === undefined) return deliver
  return async (claim) => {
    const startedAt = momentNow()
    const result = await deliver(claim)
    const { inboxId, id: outboxId, attempt } = claim.message
    hear({
      ...{ step: 'send', inboxId, outboxId, attempt, via: 'api', status: result.status },
      ...('error' in result ? { code: result.error.code } : {}),
      ...{ startedAt, endedAt: momentNow() },
    })
    return result
  }
}

const expireEveryMs = 60_000
// A turn or a request that arrives holds the conversation for some milliseconds.
const againMs = 25

const createExpiry = ({ store, clock, log, waitingMaxMs, elsewhere }: SenderDeps) => {
  let nextAt = 0
  return async (): Promise<void> => {
    const now = clock.now()
    if (now.getTime() < nextAt) return
    nextAt = now.getTime() + expireEveryMs
    const expired = await store.expire(new Date(now.getTime() - waitingMaxMs), now, elsewhere())
    if (expired > 0) log.warn({ expired }, 'messages waited too long and were given up')
  }
}

/** No room for what only another node can send. */
const leaving = (room: DispatchRoom, elsewhere: readonly string[]): DispatchRoom => ({
  ...room,
  ofInbox: new Map([...room.ofInbox, ...elsewhere.map((inboxId): [string, number] => [inboxId, 0])]),
})

/** Starts a sender: leases messages that are due, hands each to its channel, records how it ended. */
export const startSender = async (deps: SenderDeps): Promise<Sender> => {
  const { store, ends, bus, clock, log, owner, concurrency, leaseMs, pollMs } = deps
  const deliver = createTold(deps)
  const pacer = createPacer({
    leaseMs,
    sendsPerSecond: (inboxId) => deps.channel(inboxId)?.capabilities.sendsPerSecond ?? 1,
  })
  const handOver = async (claim: DispatchClaim): Promise<void> => {
    const result = await deliver(claim)
    const recorded = ends.record(claim, result)
    if (pausesInbox(result)) pacer.pause(claim.message.inboxId, recorded)
    await recorded
  }
  const send = async (claim: DispatchClaim): Promise<void> => {
    // Leased again because its end is not recorded yet: known, not sent again.
    const known = ends.unrecorded(claim.message.id)
    if (known !== undefined) return ends.record(claim, known)
    const turn = await pacer.wait(claim)
    if (turn === 'go') return handOver(claim)
    if (turn === 'back') return ends.giveBack(claim)
    log.warn({ outboxId: claim.message.id }, 'a message waited too long for its turn, another sender has it')
  }
  const expire = createExpiry(deps)
  const slots = createSlots()

  const pump = startPump<DispatchClaim>({
    claim: async (free) => {
      await expire()
      const room = pacer.limit(slots.room(free))
      const claims = await store.claim(owner, leaving(room, deps.elsewhere()), leaseMs, clock.now())
      if (slots.take(claims, room)) pump.ring()
      return claims
    },
    handle: async (claim) => {
      await send(claim)
      if (slots.give(claim.message.inboxId)) pump.ring()
    },
    onClaimError: (error) => log.error({ error }, 'the outbox could not be read; the database may be away'),
    concurrency,
    pollMs,
    againMs,
  })
  const unsubscribe = await bus.subscribe(topics.outbox, () => pump.ring())
  return {
    stop: async () => {
      unsubscribe()
      pacer.stop()
      await pump.stop()
    },
  }
}
