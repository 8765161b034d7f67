import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../core/log.ts'
import type { DispatchClaim, OutboxStore } from '../core/stores.ts'

export interface PacerDeps {
  readonly store: Pick<OutboxStore, 'renew'>
  readonly log: Logger
  readonly leaseMs: number
  /** Sends a second that an inbox's provider takes. */
  readonly sendsPerSecond: (inboxId: string) => number
}

/** Spaces the sends of each inbox by the provider's rate. */
export interface Pacer {
  /** Waits for the message's place; false when its lease was lost meanwhile and it must not be sent. */
  wait(claim: DispatchClaim): Promise<boolean>
}

interface Waiting {
  /** By our clock, a little before the database's. */
  heldUntil: number
}

/** Makes a pacer that keeps the leases of those who wait. */
export const createPacer = ({ store, log, leaseMs, sendsPerSecond }: PacerDeps): Pacer => {
  const nextAt = new Map<string, number>()
  const waiting = new Map<DispatchClaim, Waiting>()
  let renewing: NodeJS.Timeout | undefined

  const renew = async (): Promise<void> => {
    const claims = [...waiting.keys()]
    const askedAt = performance.now()
    const held = new Set(await store.renew(claims, leaseMs))
    for (const claim of claims) {
      const entry = waiting.get(claim)
      if (entry !== undefined) entry.heldUntil = held.has(claim.message.id) ? askedAt + leaseMs : 0
    }
  }

  const watch = (): void => {
    renewing ??= setInterval(() => {
      renew().catch((error: unknown) => log.warn({ error }, 'leases of waiting messages were not renewed'))
    }, leaseMs / 3)
  }

  const stay = async (claim: DispatchClaim, forMs: number): Promise<boolean> => {
    const entry = { heldUntil: performance.now() + leaseMs }
    waiting.set(claim, entry)
    watch()
    await delay(forMs)
    waiting.delete(claim)
    if (waiting.size === 0) {
      clearInterval(renewing)
      renewing = undefined
    }
    return performance.now() < entry.heldUntil
  }

  return {
    wait: async (claim) => {
      const { inboxId } = claim.message
      const now = performance.now()
      const at = Math.max(now, nextAt.get(inboxId) ?? 0)
      nextAt.set(inboxId, at + 1_000 / sendsPerSecond(inboxId))
      return at - now > 1 ? stay(claim, at - now) : true
    },
  }
}
