import { createBell, type Bell } from '../core/bell.ts'
import { topics, type Bus } from '../core/bus.ts'
import type { DispatchClaim, OutboxStore } from '../core/stores.ts'

/** Requests whose answer stands behind what was said before and is still being sent. */
export interface Behind {
  /**
   * Waits until the answer to `messageId` may ride on its request: it would otherwise go by itself only when the request's
   * time is over. Null: nothing waits for this request, or `untilMs` (of `performance.now()`) came first.
   */
  wait(messageId: string, conversationId: string, untilMs: number): Promise<DispatchClaim | null>
  /** Keeps nobody waiting any more: what stands before is not sent by this node any more. */
  stop(): void
}

// Without a hint from the bus, as when what stands before is held back or withdrawn, the store is asked again after pauses.
const firstLookMs = 100
const longestLookMs = 1_000

const hasConversation = (payload: unknown): payload is { readonly conversationId: unknown } =>
  typeof payload === 'object' && payload !== null && 'conversationId' in payload

/** Makes the place where they wait. `take` takes the answer to a message. */
export const createBehind = async (
  { bus, outbox }: { readonly bus: Bus; readonly outbox: Pick<OutboxStore, 'waitsToRide'> },
  take: (messageId: string) => Promise<DispatchClaim | null>,
): Promise<Behind> => {
  const bells = new Map<unknown, Set<Bell>>()
  const leave = await bus.subscribe(topics.delivery, (payload) => {
    if (hasConversation(payload)) for (const bell of bells.get(payload.conversationId) ?? []) bell.ring()
  })

  let stopped = false
  const untilTaken = async (
    messageId: string,
    untilMs: number,
    bell: Bell,
  ): Promise<DispatchClaim | null> => {
    for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 3, longestLookMs)) {
      // Asked before it is taken: what another request for the same message takes in between is found by it.
      const waits = await outbox.waitsToRide(messageId)
      const claim = await take(messageId)
      const left = untilMs - performance.now()
      if (claim !== null || !waits || left <= 0 || stopped) return claim
      await bell.wait(Math.min(lookMs, left))
    }
  }

  return {
    wait: async (messageId, conversationId, untilMs) => {
      const bell = createBell()
      const there = bells.get(conversationId) ?? new Set()
      bells.set(conversationId, there.add(bell))
      try {
        return await untilTaken(messageId, untilMs, bell)
      } finally {
        there.delete(bell)
        if (there.size === 0) bells.delete(conversationId)
      }
    },
    stop: () => {
      stopped = true
      leave()
      for (const there of bells.values()) for (const bell of there) bell.ring()
    },
  }
}
