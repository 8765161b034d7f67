import { createBell, type Bell } from './bell.ts'
import type { Bus } from './bus.ts'
import { ringTogether } from './gather-rings.ts'

/** A loop that looks whether there is something to do. */
export interface Looking {
  /** Looks once; true: there is more to do already. */
  readonly look: () => Promise<boolean>
  /** Hears of a look that failed; the next one comes after `everyMs`. */
  readonly onFault: (error: unknown) => void
  readonly bus: Pick<Bus, 'subscribe'>
  /** Whatever is published there is a reason to look. */
  readonly topics: readonly string[]
  /** However much is published, it looks for that no more often. */
  readonly gatherMs: number
  /** What nobody told of is found so late at most. */
  readonly everyMs: number
  /** Milliseconds between looks while there is more to do. Default 0. */
  readonly breathMs?: number
  /** Rung, it looks at once; for whoever has further reasons. Default: a bell of its own. */
  readonly bell?: Bell
}

/**
 * Looks at once, and again whenever something rings or `everyMs` have passed, one look at a time. Gives its end, which
 * waits for the look under way.
 */
export const keepLooking = async (looking: Looking): Promise<() => Promise<void>> => {
  const { look, onFault, bus, topics, gatherMs, everyMs, breathMs = 0, bell = createBell() } = looking
  let stopped = false
  const lookSafely = async (): Promise<boolean> => {
    try {
      return await look()
    } catch (error) {
      onFault(error)
      return false
    }
  }
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const waitMs = (await lookSafely()) ? breathMs : everyMs
      // Rung at the end, it does not wait.
      if (waitMs > 0) await bell.wait(waitMs)
    }
  }
  const leave = await ringTogether(bus, { topics, gatherMs, ring: () => bell.ring() })
  const looping = loop()
  return async () => {
    stopped = true
    leave()
    bell.ring()
    await looping
  }
}
