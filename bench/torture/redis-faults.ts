import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'
import { startRedis } from './services.ts'

/** How hard to be. */
export interface RedisFaultsOptions extends Pick<ClusterOptions, 'contacts' | 'learned'> {
  readonly databaseUrl: string
  /** Milliseconds each state is looked at. */
  readonly phaseMs: number
  /** Milliseconds from the end of a trouble until it must be as before. Default ten seconds. */
  readonly recoveryMs?: number
}

/** What came of a Redis that was stopped, emptied and held still, beside quiet times. */
export interface RedisFaultsResult extends Verdict {
  /** Pushes a second that were answered or acknowledged. */
  readonly quiet: number
  readonly stopped: number
  readonly emptied: number
  readonly paused: number
  /** In the time that begins once Redis was back, or had been emptied, for so long. */
  readonly afterStopped: number
  readonly afterEmptied: number
  readonly afterPaused: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

/** Takes Redis from two nodes on PostgreSQL in every way while contacts chat. */
export const redisFaultsRun = async ({
  phaseMs,
  recoveryMs = 10_000,
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
    const recovered = async (): Promise<number> => {
      await delay(recoveryMs)
      return rate()
    }
    await rate()
    const quiet = await rate()
    await redis.crash()
    const stopped = await rate()
    await redis.start()
    const afterStopped = await recovered()
    await redis.empty()
    const emptied = await rate()
    const afterEmptied = await recovered()
    redis.pause()
    const paused = await rate()
    redis.resume()
    const afterPaused = await recovered()
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    return {
      ...cluster.verdict(asked),
      ...{ quiet, stopped, afterStopped, emptied, afterEmptied, paused, afterPaused },
      ...{ marked, unmarked, settledMs },
    }
  } finally {
    await cluster.dispose()
    await redis.dispose()
  }
}
