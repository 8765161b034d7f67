import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'
import { startRedis } from './services.ts'

/** How hard to be. */
export interface RedisFaultsOptions extends Pick<ClusterOptions, 'contacts' | 'learned'> {
  readonly databaseUrl: string
  /** Milliseconds each state is looked at. */
  readonly phaseMs: number
}

/** What came of a Redis that was stopped, emptied and held still, beside quiet times. */
export interface RedisFaultsResult extends Verdict {
  /** Pushes a second that were answered or acknowledged. */
  readonly quiet: number
  readonly stopped: number
  readonly emptied: number
  readonly paused: number
  /** In the last time, which begins ten seconds after Redis is back. */
  readonly after: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

const recoveryMs = 10_000

/** Takes Redis from two nodes on PostgreSQL in every way while contacts chat. */
export const redisFaultsRun = async ({
  phaseMs,
  ...options
}: RedisFaultsOptions): Promise<RedisFaultsResult> => {
  const redis = await startRedis()
  const cluster = await openCluster({ ...options, redisUrl: redis.url, nodes: 2 }).catch(
    async (error: unknown) => {
      await redis.dispose()
      throw error
    },
  )
  try {
    let [running, done] = [true, 0]
    cluster.simulator.onEvent((event) => {
      if (event.kind !== 'exchange' || event.exchange.kind !== 'push') return
      if (event.exchange.result === 'answered' || event.exchange.result === 'acknowledged') done += 1
    })
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    const rate = async (): Promise<number> => {
      const before = done
      await delay(phaseMs)
      return Math.round(((done - before) / phaseMs) * 10_000) / 10
    }
    await rate()
    const quiet = await rate()
    await redis.crash()
    const stopped = await rate()
    await redis.start()
    await delay(recoveryMs)
    await redis.empty()
    const emptied = await rate()
    redis.pause()
    const paused = await rate()
    redis.resume()
    await delay(recoveryMs)
    const after = await rate()
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    return { ...cluster.verdict(asked), quiet, stopped, emptied, paused, after, marked, unmarked, settledMs }
  } finally {
    await cluster.dispose()
    await redis.dispose()
  }
}
