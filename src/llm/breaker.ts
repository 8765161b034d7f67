import type { Clock } from '../core/clock.ts'

/** `closed`: the model is asked. `open`: it is left alone. `trying`: one call finds out whether it is well again. */
export type BreakerState = 'closed' | 'open' | 'trying'

/** Leaves a model alone that fails again and again. */
export interface Breaker {
  readonly state: () => BreakerState
  /** Until when the model is left alone; undefined: it may be asked. */
  readonly openUntil: () => Date | undefined
  /** True when a call may be made; while the model is tried, for one call at a time. */
  readonly admit: () => boolean
  readonly succeeded: () => void
  /** `pauseMs`: how long the provider wants to be left alone, where it says so; it is, at once. */
  readonly failed: (pauseMs?: number) => void
  /** Nothing was found out. */
  readonly gaveUp: () => void
}

/** No provider is left alone for longer because it says so. */
const longestPauseMs = 300_000

/** Closed at first. Counts on this node alone. */
export const createBreaker = (
  { failures, pauseMs }: { readonly failures: number; readonly pauseMs: number },
  clock: Clock,
): Breaker => {
  let inARow = 0
  let openUntil: number | undefined
  let isTried = false
  const now = (): number => clock.now().getTime()
  const state = (): BreakerState =>
    openUntil === undefined ? 'closed' : now() < openUntil ? 'open' : 'trying'
  return {
    state,
    openUntil: () => (openUntil !== undefined && now() < openUntil ? new Date(openUntil) : undefined),
    admit: () => {
      if (state() === 'closed') return true
      if (state() === 'open' || isTried) return false
      isTried = true
      return true
    },
    succeeded: () => {
      inARow = 0
      openUntil = undefined
      isTried = false
    },
    failed: (asked) => {
      inARow += 1
      const opens = asked !== undefined || isTried || inARow >= failures
      isTried = false
      // One that failed meanwhile makes no pause shorter that was asked for.
      if (opens)
        openUntil = Math.max(
          openUntil ?? 0,
          now() + (asked === undefined ? pauseMs : Math.min(asked, longestPauseMs)),
        )
    },
    gaveUp: () => {
      isTried = false
    },
  }
}
