import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../random.ts'
import { keys, openCluster, talk, type Cluster } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface KillRunOptions {
  readonly kills: number
  readonly contacts: number
  /** Of the random moments; printed, so that a run can be had again. */
  readonly seed: number
  /** PostgreSQL; undefined: the embedded database. */
  readonly databaseUrl?: string | undefined
  readonly redisUrl?: string | undefined
  /** Default 1; several need PostgreSQL and Redis. */
  readonly nodes?: number
  /** Messages of each contact at most. Default: until the last kill. */
  readonly messages?: number
  /** Conversations a node thinks about at once. Default: the product's. */
  readonly workers?: number
  /** Share of the platform's API calls that break off after they took effect, or fail. Default 0. */
  readonly faulty?: number
  /** Folder of what the product has learned. Default: the first node learns. */
  readonly learned?: string
  readonly onKill?: (kill: number) => void
}

/** What a run showed. */
export interface KillRunResult extends Verdict {
  readonly kills: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  /** Milliseconds from the last restart until everything acknowledged was answered. */
  readonly settledMs: number
}

const killRepeatedly = async (
  { nodes }: Cluster,
  { kills, seed, onKill }: KillRunOptions,
  onStretch: (kill: number) => void,
): Promise<void> => {
  const random = createRandom(seed)
  for (let kill = 1; kill <= kills; kill += 1) {
    onStretch(kill)
    // From the middle of a start to well into steady work.
    await delay(50 + random() * 1_500)
    const node = nodes[Math.floor(random() * nodes.length)]
    await node?.kill()
    onKill?.(kill)
    await node?.start()
  }
}

/** Orders a failure of the given share of API calls until the returned function is called. */
const failSends = ({ simulator }: Cluster, share: number, seed: number): (() => void) => {
  const random = createRandom(seed + 1)
  const timer = setInterval(() => {
    simulator.clearFaults()
    if (random() < share) simulator.fault({ api: 'custom_send', http: 503, times: 1 })
  }, 20)
  return () => {
    clearInterval(timer)
    simulator.clearFaults()
  }
}

/**
 * Kills nodes at random moments while contacts chat through a simulated platform, then compares what every contact
 * asked with what stands on the contact's screen.
 */
export const killRun = async (options: KillRunOptions): Promise<KillRunResult> => {
  const { faulty = 0, messages } = options
  const cluster = await openCluster(options)
  try {
    const calm = faulty > 0 ? failSends(cluster, faulty, options.seed) : () => undefined
    let [killing, stretch] = [true, 0]
    const most = messages === undefined ? {} : { most: messages }
    // With a number of messages given, all of them are asked, whenever the last kill was.
    const running = (): boolean => killing || messages !== undefined
    // Spread over the kills, however long a start takes: each of them finds messages on their way.
    const due = (): number => messages ?? Math.ceil((keys * stretch) / options.kills)
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running, due, ...most }))
    await killRepeatedly(cluster, options, (kill) => {
      stretch = kill
    })
    killing = false
    const asked = await Promise.all(talks)
    calm()
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    return { ...cluster.verdict(asked), kills: options.kills, marked, unmarked, settledMs }
  } finally {
    await cluster.dispose()
  }
}
