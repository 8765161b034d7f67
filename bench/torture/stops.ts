import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface StopsOptions extends Pick<
  ClusterOptions,
  'contacts' | 'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly stops: number
  /** Milliseconds of work before each. */
  readonly workMs: number
}

/** What came of polite ends under load. */
export interface StopsResult extends Verdict {
  readonly stops: number
  /** Those that ended with another status than 0. */
  readonly unclean: number
  /** Longest time from the signal to the end. */
  readonly longestMs: number
  readonly settledMs: number
}

/** Ends nodes with SIGTERM in the middle of work, one after the other, and starts them again. */
export const stopsRun = async (options: StopsOptions): Promise<StopsResult> => {
  const cluster = await openCluster(options)
  try {
    let running = true
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    let [unclean, longestMs] = [0, 0]
    for (let stop = 0; stop < options.stops; stop += 1) {
      await delay(options.workMs)
      const node = cluster.nodes[stop % cluster.nodes.length]
      const startedAt = performance.now()
      if ((await node?.stop()) !== 0) unclean += 1
      longestMs = Math.max(longestMs, Math.round(performance.now() - startedAt))
      await node?.start()
    }
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    return { ...cluster.verdict(asked), stops: options.stops, unclean, longestMs, settledMs }
  } finally {
    await cluster.dispose()
  }
}
