import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** From which version, and how much goes on meanwhile. */
export interface UpgradeOptions extends Pick<ClusterOptions, 'contacts' | 'learned' | 'redisUrl'> {
  readonly databaseUrl: string
  /** A version of this repository, as git names it, whose packages are those of this one. */
  readonly from: string
  /** Milliseconds of work before, between and after the two nodes are replaced. */
  readonly workMs: number
}

/** What came of two nodes that were replaced by newer ones, one after the other. */
export interface UpgradeResult extends Verdict {
  readonly from: string
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
  /** Milliseconds that the slower node was away. */
  readonly longestAwayMs: number
  readonly settledMs: number
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Lays the sources of a version out beside these, with the same packages. */
const checkOut = (version: string): { readonly folder: string; dispose(): void } => {
  const parent = mkdtempSync(join(tmpdir(), 'tongda-version-'))
  const folder = join(parent, 'sources')
  const git = (...words: readonly string[]): void =>
    void execFileSync('git', [...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  git('worktree', 'add', '--detach', folder, version)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    dispose: () => {
      git('worktree', 'remove', '--force', folder)
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

/** Replaces two nodes of an older version under load, one after the other, by this one; meanwhile both are at work. */
export const upgradeRun = async (options: UpgradeOptions): Promise<UpgradeResult> => {
  const older = checkOut(options.from)
  const isNew = [false, false]
  const sources = (node: number): string => (isNew[node] === true ? root : older.folder)
  try {
    const cluster = await openCluster({ ...options, nodes: 2, sources })
    try {
      let running = true
      const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
      let longestAwayMs = 0
      for (const [place, node] of cluster.nodes.entries()) {
        await delay(options.workMs)
        const startedAt = performance.now()
        await node.stop()
        isNew[place] = true
        await node.start()
        longestAwayMs = Math.max(longestAwayMs, Math.round(performance.now() - startedAt))
      }
      await delay(options.workMs)
      running = false
      const asked = await Promise.all(talks)
      const settledMs = await cluster.settle(asked)
      for (const node of cluster.nodes) await node.stop()
      const marked = await cluster.countMarked()
      const unmarked = await cluster.countUnmarked(asked)
      return { ...cluster.verdict(asked), from: options.from, marked, unmarked, longestAwayMs, settledMs }
    } finally {
      await cluster.dispose()
    }
  } finally {
    older.dispose()
  }
}
