import { createRandom } from '../random.ts'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface CopiesOptions extends Pick<
  ClusterOptions,
  'contacts' | 'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly messages: number
  /** Of the numbers of copies. */
  readonly seed: number
}

/** What came of messages that the platform delivers several times at once. */
export interface CopiesResult extends Verdict {
  readonly deliveries: number
  /** Copies whose passive reply was another than the first one's. */
  readonly differing: number
}

const mostCopies = 10

/** Delivers each message one to ten times at once, to all nodes in turn. */
export const copiesRun = async (options: CopiesOptions): Promise<CopiesResult> => {
  const cluster = await openCluster(options)
  try {
    const differing = new Set<number>()
    cluster.simulator.onEvent((event) => {
      if (event.kind !== 'exchange' || event.exchange.kind !== 'push') return
      if (event.exchange.comparison?.samePlaintext === false) differing.add(event.exchange.id)
    })
    let deliveries = 0
    const asked = await Promise.all(
      cluster.contacts.map((openid, place) => {
        const random = createRandom(options.seed + place)
        const copies = (): number => {
          const count = 1 + Math.floor(random() * mostCopies)
          deliveries += count
          return count
        }
        return talk(cluster, openid, { running: () => true, most: options.messages, copies })
      }),
    )
    await cluster.settle(asked)
    return { ...cluster.verdict(asked), deliveries, differing: differing.size }
  } finally {
    await cluster.dispose()
  }
}
