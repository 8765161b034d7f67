import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** How long to insist, and who hears of failures. */
export interface InsistOptions {
  /** Milliseconds from the first try after which a failure is final. */
  readonly forMs: number
  /** Aborted: one last try, then a failure is final. */
  readonly stopped: AbortSignal
  /** Hears of each failure that is not final. */
  readonly onFailure: (error: unknown) => void
}

const firstPauseMs = 200
const longestPauseMs = 5_000

/** Tries `work` until it succeeds, with growing pauses. Throws its last failure when the time is over. */
export const insist = async <Result>(
  work: () => Promise<Result>,
  { forMs, stopped, onFailure }: InsistOptions,
): Promise<Result> => {
  // With the database away, everything on its way waits on the same signal.
  setMaxListeners(0, stopped)
  const untilMs = performance.now() + forMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const last = stopped.aborted || performance.now() >= untilMs
    try {
      return await work()
    } catch (error) {
      if (last) throw error
      onFailure(error)
    }
    // A stop ends the pause, not the work.
    await delay(pauseMs, undefined, { signal: stopped }).catch(() => undefined)
  }
}
