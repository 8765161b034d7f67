import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface TokensOptions extends Pick<
  ClusterOptions,
  'contacts' | 'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly expiries: number
  /** Messages of each contact. */
  readonly messages: number
}

/** What came of tokens that expired while everybody was being answered. */
export interface TokensResult extends Verdict {
  readonly expiries: number
  /** Tokens fetched after an expiry, at most. */
  readonly mostRefreshes: number
  /** Sends that were refused for their token. */
  readonly refused: number
  readonly settledMs: number
}

const tokenCalls: ReadonlySet<string> = new Set(['stable_token', 'token'])
const tokenRefusals: ReadonlySet<number> = new Set([40001, 42001])
const patienceMs = 60_000

/** Lets the account's token expire while many sends are under way, and counts who fetches another. */
export const tokensRun = async (options: TokensOptions): Promise<TokensResult> => {
  const cluster = await openCluster({ ...options, passiveBudgetMs: 0 })
  try {
    let [sends, fetched, refused, mostRefreshes] = [0, 0, 0, 0]
    cluster.simulator.onEvent((event) => {
      if (event.kind !== 'exchange' || event.exchange.kind !== 'api') return
      const { api, errcode } = event.exchange
      if (tokenCalls.has(api)) fetched += 1
      if (api !== 'custom_send') return
      sends += 1
      if (tokenRefusals.has(errcode)) refused += 1
    })
    const talks = cluster.contacts.map((openid) =>
      talk(cluster, openid, { running: () => true, most: options.messages }),
    )
    const all = options.contacts * options.messages
    for (let expiry = 1; expiry <= options.expiries; expiry += 1) {
      const wanted = (all * expiry) / (options.expiries + 1)
      const endMs = performance.now() + patienceMs
      while (sends < wanted && performance.now() < endMs) await delay(5)
      const [before, refusedBefore] = [fetched, refused]
      cluster.simulator.expireTokens()
      while (refused === refusedBefore && performance.now() < endMs) await delay(5)
      while (fetched === before && performance.now() < endMs) await delay(5)
      // Whoever else fetches one does so within the time of a call.
      await delay(1_000)
      mostRefreshes = Math.max(mostRefreshes, fetched - before)
    }
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    return { ...cluster.verdict(asked), expiries: options.expiries, mostRefreshes, refused, settledMs }
  } finally {
    await cluster.dispose()
  }
}
