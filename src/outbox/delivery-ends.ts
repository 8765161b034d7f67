import { createBatcher } from '../core/batcher.ts'
import { topics, type Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { insist } from '../core/insist.ts'
import type { Logger } from '../core/log.ts'
import type { DispatchClaim, DispatchResult, OutboxStore } from '../core/stores.ts'
import type { WatchJourney } from '../core/trace.ts'

export interface DeliveryEndsDeps {
  readonly store: Pick<OutboxStore, 'settle' | 'giveBack'>
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly watch: WatchJourney
}

/** Records how deliveries ended. */
export interface DeliveryEnds {
  /** Resolves once recorded, or given up: then the message is sent again and marked as possibly repeated. */
  record(claim: DispatchClaim, result: DispatchResult): Promise<void>
  /**
   * Gives back a message that was leased and not handed over. Resolves once recorded, or given up: then it goes when its lease
   * ends, marked as possibly repeated.
   */
  giveBack(claim: DispatchClaim): Promise<void>
  /** How a message ended whose end could not be recorded yet; whoever leases it again must not send it again. */
  unrecorded(outboxId: string): DispatchResult | undefined
  /** Gives up what cannot be recorded at once. */
  stop(): void
}

interface End {
  readonly claim: DispatchClaim
  readonly result: DispatchResult
}

// Longer than a database needs to restart or to change its primary.
const recordForMs = 10 * 60_000

/** Makes the recorder that everybody who sends on this node shares; ends of the same moment share a statement. */
export const createDeliveryEnds = ({ store, bus, clock, log, watch }: DeliveryEndsDeps): DeliveryEnds => {
  const open = new Map<string, End>()
  const stopping = new AbortController()
  const tell = (claims: readonly DispatchClaim[]): void => {
    bus.publish(topics.outbox, {})
    for (const conversationId of new Set(claims.map(({ message }) => message.conversationId)))
      bus.publish(topics.delivery, { conversationId })
  }
  const settle = createBatcher<End, true>(
    async (ends) => {
      const now = clock.now()
      await store.settle(ends, now)
      tell(ends.map(({ claim }) => claim))
      for (const { claim, result } of ends)
        if (result.status === 'sent') watch('outbox', now.getTime() - claim.message.createdAt.getTime())
      return ends.map(() => true)
    },
    { maxItems: 200 },
  )
  const giveBack = createBatcher<DispatchClaim, true>(
    async (claims) => {
      await store.giveBack(claims)
      tell(claims)
      return claims.map(() => true)
    },
    { maxItems: 200 },
  )
  const persist = async (outboxId: string, work: () => Promise<true>): Promise<void> => {
    try {
      await insist(work, {
        forMs: recordForMs,
        stopped: stopping.signal,
        onFailure: (error) =>
          log.warn({ outboxId, error }, 'the end of a delivery could not be recorded yet'),
      })
    } catch (error) {
      log.error({ outboxId, error }, 'the end of a delivery could not be recorded')
    }
  }

  return {
    record: async (claim, result) => {
      const { id } = claim.message
      const end = { claim, result }
      open.set(id, end)
      await persist(id, () => settle(end))
      if (open.get(id) === end) open.delete(id)
    },
    giveBack: (claim) => persist(claim.message.id, () => giveBack(claim)),
    unrecorded: (outboxId) => open.get(outboxId)?.result,
    stop: () => stopping.abort(),
  }
}
