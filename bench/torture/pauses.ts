import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface PausesOptions extends Pick<ClusterOptions, 'contacts' | 'learned' | 'redisUrl'> {
  readonly databaseUrl: string
  readonly pauses: number
}

/** What came of nodes that slept longer than they may hold anything. */
export interface PausesResult extends Verdict {
  readonly pauses: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

const [workMs, leaseMs, pauseMs] = [1_500, 4_000, 7_000]

/** Holds one of two nodes still in the middle of work until the other has taken over, and lets it go on. */
export const pausesRun = async (options: PausesOptions): Promise<PausesResult> => {
  const cluster = await openCluster({ ...options, nodes: 2, leaseMs, passiveBudgetMs: 0 })
  const { nodes } = cluster
  try {
    let running = true
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    for (let pause = 0; pause < options.pauses; pause += 1) {
      await delay(workMs)
      const sleeper = nodes[pause % nodes.length]
      sleeper?.pause()
      await delay(pauseMs)
      sleeper?.resume()
    }
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    return { ...cluster.verdict(asked), pauses: options.pauses, marked, unmarked, settledMs }
  } finally {
    await cluster.dispose()
  }
}
