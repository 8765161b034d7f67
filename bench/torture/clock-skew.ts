import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../random.ts'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface ClockSkewOptions extends Pick<ClusterOptions, 'contacts' | 'learned' | 'redisUrl'> {
  readonly databaseUrl: string
  /** How often the clock of one node is set to another time, up to five minutes off. */
  readonly jumps: number
  /** Milliseconds of work with each. */
  readonly workMs: number
  readonly seed: number
}

/** What came of a node whose clock is wrong and jumps. */
export interface ClockSkewResult extends Verdict {
  readonly jumps: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  readonly settledMs: number
}

const mostOffMs = 5 * 60_000
const preload = new URL('./shifted-clock.mjs', import.meta.url).href

const setClock = (folder: string, shiftMs: number): void => {
  const draft = join(folder, 'clock-shift.draft')
  writeFileSync(draft, String(shiftMs))
  renameSync(draft, join(folder, 'clock-shift'))
}

/** Sets the clock of one of two nodes five minutes ahead, five behind, then anywhere between, in the middle of work. */
export const clockSkewRun = async (options: ClockSkewOptions): Promise<ClockSkewResult> => {
  const cluster = await openCluster({
    ...{ ...options, nodes: 2 },
    environment: { NODE_OPTIONS: `--import ${preload}` },
  })
  try {
    const random = createRandom(options.seed)
    let running = true
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    const folder = cluster.nodes[0]?.folder ?? ''
    for (let jump = 0; jump < options.jumps; jump += 1) {
      const first = [mostOffMs, -mostOffMs][jump]
      setClock(folder, first ?? Math.round((random() * 2 - 1) * mostOffMs))
      await delay(options.workMs)
    }
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    return { ...cluster.verdict(asked), jumps: options.jumps, marked, unmarked, settledMs }
  } finally {
    await cluster.dispose()
  }
}
