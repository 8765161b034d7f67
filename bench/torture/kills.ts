import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../random.ts'
import { keys, openCluster, talk, type Cluster, type ClusterOptions } from './cluster.ts'
import { buildWithKillPoints, removeBuild } from './kill-points/build.ts'
import { slowSome } from './kill-points/order.ts'
import type { Asked, Verdict } from './ledger.ts'

/** How hard to be. */
export interface KillRunOptions extends Pick<ClusterOptions, 'passiveBudgetMs' | 'attempts'> {
  readonly kills: number
  readonly contacts: number
  /** Of the random moments; printed, so that a run can be had again. */
  readonly seed: number
  /** PostgreSQL; undefined: the embedded database. */
  readonly databaseUrl?: string | undefined
  readonly redisUrl?: string | undefined
  /** Default 1; several need PostgreSQL and Redis. */
  readonly nodes?: number
  /** Messages of each contact, all of them asked. Default: as many as are asked until the last kill. */
  readonly messages?: number
  /** Conversations a node thinks about at once. Default: the product's. */
  readonly workers?: number
  /** Share of the platform's API calls that fail. Default 0. */
  readonly faulty?: number
  /** Share of the turns that take half a second to two seconds longer. Default 0: the product as it ships. */
  readonly slow?: number
  /** Folder of what the product has learned. Default: the first node learns. */
  readonly learned?: string
  readonly onKill?: (kill: number) => void
}

/** What a run showed. */
export interface KillRunResult extends Verdict {
  readonly kills: number
  /** Most messages of one contact, among its last fifty, that were acknowledged and not answered yet. */
  readonly mostOpen: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  /** Milliseconds from the last restart until everything acknowledged was answered. */
  readonly settledMs: number
}

const [slowFromMs, slowToMs] = [500, 2_000]
const lookBack = 50

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

/** Lets the contacts talk and the nodes die meanwhile; gives what each asked. */
const talkMeanwhile = async (
  cluster: Cluster,
  options: KillRunOptions,
  onOpen: (count: number) => void,
): Promise<readonly (readonly Asked[])[]> => {
  const { messages } = options
  let [killing, stretch] = [true, 0]
  // With a number of messages given, all of them are asked, whenever the last kill was.
  const running = (): boolean => killing || messages !== undefined
  // Spread over the kills, however long a start takes: each of them finds messages on their way.
  const due = (): number => Math.ceil(((messages ?? keys) * stretch) / options.kills)
  const talks = cluster.contacts.map((openid) =>
    talk(cluster, openid, {
      ...{ running, due, most: messages ?? keys },
      onAsked: (asked) => onOpen(cluster.countOpen(openid, asked.slice(-lookBack))),
    }),
  )
  await killRepeatedly(cluster, options, (kill) => {
    stretch = kill
  })
  killing = false
  return Promise.all(talks)
}

/** A build whose turns can be slow, and what slows each node's; the product itself where none is to be. */
const openSlow = async ({ slow = 0, seed }: KillRunOptions) => {
  if (slow === 0) return { options: {}, close: () => undefined }
  const build = await buildWithKillPoints()
  let nodes = 0
  const prepare = (folder: string): void => {
    nodes += 1
    slowSome(folder, { share: slow, fromMs: slowFromMs, toMs: slowToMs, seed: seed * 1_000 + nodes })
  }
  return { options: { build, prepare }, close: () => removeBuild(build) }
}

/**
 * Kills nodes at random moments while contacts chat through a simulated platform, then compares what every contact
 * asked with what stands on the contact's screen.
 */
export const killRun = async (options: KillRunOptions): Promise<KillRunResult> => {
  const { faulty = 0 } = options
  const slow = await openSlow(options)
  try {
    const cluster = await openCluster({ ...options, ...slow.options })
    try {
      const calm = faulty > 0 ? failSends(cluster, faulty, options.seed) : () => undefined
      let mostOpen = 0
      const asked = await talkMeanwhile(cluster, options, (count) => {
        mostOpen = Math.max(mostOpen, count)
      })
      calm()
      const settledMs = await cluster.settle(asked)
      for (const node of cluster.nodes) await node.stop()
      const marked = await cluster.countMarked()
      const unmarked = await cluster.countUnmarked(asked)
      const verdict = cluster.verdict(asked)
      return { ...verdict, kills: options.kills, mostOpen, marked, unmarked, settledMs }
    } finally {
      await cluster.dispose()
    }
  } finally {
    slow.close()
  }
}
