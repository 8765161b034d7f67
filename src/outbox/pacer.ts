import type { DispatchClaim, DispatchRoom } from '../core/stores.ts'

export interface PacerDeps {
  readonly leaseMs: number
  /** Sends a second that an inbox's provider takes from this node. */
  readonly sendsPerSecond: (inboxId: string) => number
}

/**
 * `go`: it may be handed over now. `back`: it must be given back, because the sender stops or its inbox pauses. `lost`: its
 * lease is over, another sender has it.
 */
export type Turn = 'go' | 'back' | 'lost'

/** Spaces the sends of each inbox by the provider's rate. */
export interface Pacer {
  /**
   * `room`, less what would have to wait longer than a second: whatever is leased has an open attempt, and one that never
   * comes to its call looks uncertain after a crash. Of an inbox nobody has sent from yet: one. To be asked right before the
   * claim it is for.
   */
  limit(room: DispatchRoom): DispatchRoom
  /** Waits for the message's turn. */
  wait(claim: DispatchClaim): Promise<Turn>
  /** Sends back what waits of an inbox, and whatever is leased of it before the pause is recorded. */
  pause(inboxId: string, recorded: Promise<void>): void
  /** Sends back all that waits, and whatever comes. */
  stop(): void
}

interface Waiting {
  readonly inboxId: string
  readonly end: (turn: Turn) => void
}

interface Pause {
  readonly recorded: Promise<void>
  isRecorded: boolean
}

const longestWaitMs = 1_000

/** Those that wait. */
const createLine = (leaseMs: number) => {
  const waiting = new Set<Waiting>()
  return {
    stay: (inboxId: string, forMs: number): Promise<Turn> =>
      new Promise((resolve) => {
        const heldUntil = performance.now() + leaseMs
        const timer = setTimeout(() => end(performance.now() < heldUntil ? 'go' : 'lost'), forMs)
        const end = (turn: Turn): void => {
          clearTimeout(timer)
          waiting.delete(entry)
          resolve(turn)
        }
        const entry = { inboxId, end }
        waiting.add(entry)
      }),
    /** Those of one inbox, or all. */
    sendBack: (inboxId?: string): void => {
      for (const entry of waiting) if (inboxId === undefined || entry.inboxId === inboxId) entry.end('back')
    },
  }
}

/** Makes a pacer for what one sender leases. */
export const createPacer = ({ leaseMs, sendsPerSecond }: PacerDeps): Pacer => {
  // The lease is for the call, not for the wait.
  const windowMs = Math.min(longestWaitMs, leaseMs / 4)
  const nextAt = new Map<string, number>()
  const line = createLine(leaseMs)
  const pauses = new Map<string, Pause>()
  let stopped = false

  const intervalMs = (inboxId: string): number => 1_000 / sendsPerSecond(inboxId)

  /** None before half of what was leased is out, so that fast providers are not served singly. */
  const placesOf = (inboxId: string, at: number, now: number): number => {
    const bookedMs = Math.max(0, at - now)
    return bookedMs > windowMs / 2 ? 0 : Math.max(1, Math.ceil((windowMs - bookedMs) / intervalMs(inboxId)))
  }

  /** A claim that begins now sees a recorded pause by itself. */
  const isPausing = (inboxId: string): boolean => {
    if (pauses.get(inboxId)?.isRecorded === true) pauses.delete(inboxId)
    return pauses.has(inboxId)
  }

  const book = (inboxId: string): number => {
    const now = performance.now()
    const at = Math.max(now, nextAt.get(inboxId) ?? 0)
    nextAt.set(inboxId, at + intervalMs(inboxId))
    return at - now
  }

  const turnOf = async (inboxId: string): Promise<Turn> => {
    if (stopped || pauses.has(inboxId)) return 'back'
    const forMs = book(inboxId)
    return forMs > 1 ? line.stay(inboxId, forMs) : 'go'
  }

  return {
    limit: ({ total, ofEach, ofInbox }) => {
      const now = performance.now()
      const known = [...nextAt].map(([inboxId, at]): [string, number] => {
        const places = isPausing(inboxId) ? 0 : placesOf(inboxId, at, now)
        return [inboxId, Math.min(places, ofInbox.get(inboxId) ?? ofEach)]
      })
      return { total, ofEach: 1, ofInbox: new Map([...ofInbox, ...known]) }
    },
    wait: async ({ message: { inboxId } }) => {
      const turn = await turnOf(inboxId)
      // Given back earlier, it would be leased again at once.
      if (turn === 'back') await pauses.get(inboxId)?.recorded
      return turn
    },
    pause: (inboxId, recorded) => {
      const pause: Pause = { recorded, isRecorded: false }
      pauses.set(inboxId, pause)
      void recorded.then(() => (pause.isRecorded = true))
      line.sendBack(inboxId)
    },
    stop: () => {
      stopped = true
      line.sendBack()
    },
  }
}
