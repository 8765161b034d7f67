import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'
import { startPostgres } from './services.ts'
import { watchPushes } from './watch-pushes.ts'

/** How hard to be. */
export interface PostgresAwayOptions extends Pick<ClusterOptions, 'contacts' | 'learned'> {
  readonly restarts: number
  /** Milliseconds of the last, long absence; longer where the machine is so slow that no push has come and ended by then. */
  readonly awayMs: number
}

/** What came of a database that goes away under load. */
export interface PostgresAwayResult extends Verdict {
  readonly restarts: number
  /** Pushes that came while the database was away. */
  readonly pushedMeanwhile: number
  /** Those of them that were acknowledged before it was back: must be 0. */
  readonly acknowledgedMeanwhile: number
  /** Longest time until such a push was refused. */
  readonly slowestRefusalMs: number
  /** Longest time from the database's return to the first acknowledgement. */
  readonly longestReturnMs: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

/** Longest wait for the first acknowledgement after a return; then the experiment has failed. */
const returnLimitMs = 60_000

/** Crashes and restarts a PostgreSQL under two nodes, at last with a long absence between. */
export const postgresAwayRun = async (options: PostgresAwayOptions): Promise<PostgresAwayResult> => {
  const postgres = await startPostgres()
  const cluster = await openCluster({
    ...{ ...options, databaseUrl: postgres.url, nodes: 2 },
  }).catch(async (error: unknown) => {
    await postgres.dispose()
    throw error
  })
  try {
    const seen = watchPushes(cluster.simulator)
    let running = true
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    const outages: { readonly fromMs: number; readonly toMs: number; readonly returnMs: number }[] = []
    const outage = async (awayMs: number): Promise<void> => {
      await delay(2_000)
      await postgres.crash()
      const fromMs = Date.now()
      await delay(awayMs)
      const isOver = () => seen.some(({ atMs, endedMs }) => atMs >= fromMs && endedMs <= Date.now())
      while (awayMs > 0 && !isOver() && Date.now() - fromMs < returnLimitMs) await delay(20)
      const toMs = Date.now()
      await postgres.start()
      const backMs = Date.now()
      const firstGood = () => seen.find(({ good, endedMs }) => good && endedMs >= backMs)
      while (firstGood() === undefined && Date.now() - backMs < returnLimitMs) await delay(20)
      outages.push({ fromMs, toMs, returnMs: (firstGood()?.endedMs ?? Date.now()) - backMs })
    }
    for (let restart = 0; restart < options.restarts; restart += 1) await outage(0)
    await outage(options.awayMs)
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    const meanwhile = seen.filter(({ atMs, endedMs }) =>
      outages.some(({ fromMs, toMs }) => atMs >= fromMs && endedMs <= toMs),
    )
    return {
      ...cluster.verdict(asked),
      restarts: options.restarts,
      pushedMeanwhile: meanwhile.length,
      acknowledgedMeanwhile: meanwhile.filter(({ good }) => good).length,
      slowestRefusalMs: Math.round(Math.max(0, ...meanwhile.map(({ atMs, endedMs }) => endedMs - atMs))),
      longestReturnMs: Math.round(Math.max(...outages.map(({ returnMs }) => returnMs))),
      ...{ marked, unmarked, settledMs },
    }
  } finally {
    await cluster.dispose()
    await postgres.dispose()
  }
}
