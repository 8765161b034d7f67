import type { Bell } from '../core/bell.ts'
import type { Logger } from '../core/log.ts'
import type { Fired, TimerHandler, TimerStore } from '../core/timers.ts'

/** What fires timers, and how. */
export interface TimerLoopOptions {
  readonly store: Pick<TimerStore, 'fireNext' | 'untilNext'>
  readonly handlers: readonly TimerHandler[]
  /** Rung when a timer is set on this node. */
  readonly bell: Bell
  /** Milliseconds by which the product's clock runs ahead of the machine's. */
  readonly aheadMs: () => number
  /** Timers that fire at once; the embedded database does one thing at a time anyway. */
  readonly atOnce: number
  readonly log: Logger
}

/** What another node set is found so late at most. */
const pollMs = 1_000
/** What is due is in work on another node. */
const heldElsewhereMs = 50

/** Fires timers as they fall due; several nodes may do so on one database. Gives its end, which waits for what fires. */
export const startTimers = ({
  store,
  handlers,
  bell,
  aheadMs,
  atOnce,
  log,
}: TimerLoopOptions): (() => Promise<void>) => {
  const byKind = new Map(handlers.map(({ kind, fire }) => [kind, fire]))
  const kinds = [...byKind.keys()]
  let stopped = false

  const tell = (fired: Fired): void => {
    if (fired.outcome !== 'put-off') return
    const { kind, key, attempts, error } = fired
    log.warn({ kind, key, attempts, error }, 'a timer failed and is put off')
  }

  const awayLater = (error: unknown): number => {
    log.error({ error }, 'timers could not be fired; the database may be away')
    return pollMs
  }

  const lane = async (): Promise<number> => {
    for (let fired = 0; ; fired += 1) {
      const last = stopped ? undefined : await store.fireNext(byKind, aheadMs())
      if (last === undefined || last.outcome === 'none') return fired
      tell(last)
    }
  }

  /** Fires what is due; gives the milliseconds until there may be more. */
  const fireDue = async (): Promise<number> => {
    const untilMs = await store.untilNext(kinds, aheadMs())
    if (untilMs === undefined || untilMs > 0) return untilMs ?? pollMs
    // All are waited for: none fires on unheard because another failed.
    const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane))
    const failed = lanes.find((end) => end.status === 'rejected')
    if (failed !== undefined) return awayLater(failed.reason)
    return lanes.some((end) => end.status === 'fulfilled' && end.value > 0) ? 0 : heldElsewhereMs
  }

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const untilMs = await fireDue().catch(awayLater)
      // One more: never a moment too early, and not twice for a fraction.
      if (untilMs > 0) await bell.wait(Math.min(Math.ceil(untilMs) + 1, pollMs))
    }
  }

  const looping = loop()
  return async () => {
    stopped = true
    bell.ring()
    await looping
  }
}
