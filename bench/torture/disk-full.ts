import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openCluster, talk, type Cluster, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'
import { startPostgres, type Service } from './services.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { watchPushes } from './watch-pushes.ts'

/** How hard to be. */
export interface DiskFullOptions extends Pick<ClusterOptions, 'contacts' | 'learned'> {
  readonly on: 'embedded' | 'postgresql'
  /** Times the disk is filled. */
  readonly times: number
  /** Milliseconds it stays full; longer where the machine is so slow that nothing was refused by then. */
  readonly fullMs: number
}

/** What came of a database without room. */
export interface DiskFullResult extends Verdict {
  readonly times: number
  /** Pushes that came while there was no room. */
  readonly pushedMeanwhile: number
  /** Those of them that were refused; the rest still found a place. */
  readonly refusedMeanwhile: number
  /** Longest time until such a push was refused. */
  readonly slowestRefusalMs: number
  /** Longest time from the moment there is room to the first acknowledgement. */
  readonly longestReturnMs: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

const diskBytes = 400 * 1_048_576
const returnLimitMs = 120_000

interface Ground {
  readonly cluster: Cluster
  readonly disk: SmallDisk
  /** What an operator does after room was made. */
  readonly recover: () => Promise<void>
  readonly dispose: () => Promise<void>
}

const openEmbeddedGround = async (options: DiskFullOptions): Promise<Ground> => {
  const disks: SmallDisk[] = []
  const cluster = await openCluster({
    contacts: options.contacts,
    learned: options.learned,
    prepare: (folder) => void disks.push(mountSmallDisk(join(folder, 'data'), diskBytes)),
  }).catch((error: unknown) => {
    disks.forEach((disk) => disk.dispose())
    throw error
  })
  const [disk] = disks
  if (disk === undefined) throw new Error('a node was not prepared')
  return {
    ...{ cluster, disk },
    recover: () => Promise.resolve(),
    dispose: async () => {
      for (const node of cluster.nodes) await node.kill()
      disk.dispose()
      await cluster.dispose()
    },
  }
}

const openPostgresGround = async (options: DiskFullOptions): Promise<Ground> => {
  const disks: SmallDisk[] = []
  const dropDisks = (): void => disks.forEach((disk) => disk.dispose())
  const postgres: Service = await startPostgres({
    prepare: (folder) => void disks.push(mountSmallDisk(folder, diskBytes)),
  }).catch((error: unknown) => {
    dropDisks()
    throw error
  })
  const end = async (): Promise<void> => {
    await postgres.crash().catch(() => undefined)
    dropDisks()
    await postgres.dispose()
  }
  const cluster = await openCluster({
    ...{ contacts: options.contacts, learned: options.learned },
    ...{ databaseUrl: postgres.url, nodes: 2 },
  }).catch(async (error: unknown) => {
    await end()
    throw error
  })
  const [disk] = disks
  if (disk === undefined) throw new Error('PostgreSQL was not prepared')
  return {
    ...{ cluster, disk },
    // It ends itself where it cannot write its log; a service manager would start it again.
    recover: () => postgres.start().catch(() => undefined),
    dispose: async () => {
      await cluster.dispose()
      await end()
    },
  }
}

/** Fills the disk of the database under load, again and again, and makes room again. */
export const diskFullRun = async (options: DiskFullOptions): Promise<DiskFullResult> => {
  const open = options.on === 'embedded' ? openEmbeddedGround : openPostgresGround
  const { cluster, disk, recover, dispose } = await open(options)
  try {
    const seen = watchPushes(cluster.simulator)
    let running = true
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    const times: { readonly fromMs: number; readonly toMs: number; readonly returnMs: number }[] = []
    for (let time = 0; time < options.times; time += 1) {
      await delay(2_000)
      disk.fill()
      const fromMs = Date.now()
      await delay(options.fullMs)
      const isRefused = () =>
        seen.some(({ good, atMs, endedMs }) => !good && atMs >= fromMs && endedMs <= Date.now())
      while (!isRefused() && Date.now() - fromMs < returnLimitMs) await delay(50)
      disk.makeRoom()
      const toMs = Date.now()
      await recover()
      const firstGood = () => seen.find(({ good, atMs }) => good && atMs >= toMs)
      while (firstGood() === undefined && Date.now() - toMs < returnLimitMs) await delay(50)
      times.push({ fromMs, toMs, returnMs: (firstGood()?.endedMs ?? Date.now()) - toMs })
    }
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    const meanwhile = seen.filter(({ atMs, endedMs }) =>
      times.some(({ fromMs, toMs }) => atMs >= fromMs && endedMs <= toMs),
    )
    const refused = meanwhile.filter(({ good }) => !good)
    return {
      ...cluster.verdict(asked),
      times: options.times,
      pushedMeanwhile: meanwhile.length,
      refusedMeanwhile: refused.length,
      slowestRefusalMs: Math.round(Math.max(0, ...refused.map(({ atMs, endedMs }) => endedMs - atMs))),
      longestReturnMs: Math.round(Math.max(...times.map(({ returnMs }) => returnMs))),
      ...{ marked, unmarked, settledMs },
    }
  } finally {
    await dispose()
  }
}
