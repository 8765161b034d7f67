import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../src/app/free-port.ts'
import { withOwnDatabase } from '../own-database.ts'
import { createServerProcess } from '../server-process.ts'
import { BackupAnswer, sumsBeyondRestore } from './backup-sums.ts'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface BackupOptions extends Pick<
  ClusterOptions,
  'contacts' | 'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly backups: number
  /** Milliseconds of work before each. */
  readonly betweenMs: number
}

/** What came of backups that were made while contacts wrote. */
export interface BackupResult extends Verdict {
  /** Messages in each backup. */
  readonly messages: readonly number[]
  /** Pushes that were acknowledged while a backup was being made. */
  readonly acknowledgedMeanwhile: number
  readonly longestMs: number
  /** Tables whose counts or checksums are others once a backup is restored. Must be none. */
  readonly differing: readonly string[]
  readonly settledMs: number
}

interface Made {
  readonly archive: string
  readonly answer: BackupAnswer
}

const answerOf = (text: string): BackupAnswer => BackupAnswer.parse(JSON.parse(text))

const differ = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  )

const byName = ({ tables }: BackupAnswer) =>
  Object.fromEntries(tables.map(({ name, rows, checksum }) => [name, `${String(rows)} ${checksum}`]))

/** Restores into an empty place, backs that up, and tells the tables that are not the same. */
const restoreAndCompare = async (
  { archive, answer }: Made,
  databaseUrl: string | undefined,
): Promise<readonly string[]> => {
  const place = createServerProcess({
    port: await freePort(),
    environment: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  })
  try {
    const restored = answerOf(await place.command(['restore', archive, '--json']))
    const again = `${archive}.again.tgz`
    const backedUp = answerOf(await place.command(['backup', again, '--json']))
    return [
      ...differ(byName(answer), byName(restored)),
      ...differ(sumsBeyondRestore(answer, archive), sumsBeyondRestore(backedUp, again)),
    ]
  } finally {
    await place.dispose()
  }
}

const compare = async (made: Made, databaseUrl: string | undefined): Promise<readonly string[]> => {
  if (databaseUrl === undefined) return restoreAndCompare(made, undefined)
  let differing: readonly string[] = []
  await withOwnDatabase(databaseUrl, async (own) => {
    differing = await restoreAndCompare(made, own)
  })
  return differing
}

/** Makes backups while contacts chat, then restores each into an empty place and compares. */
export const backupRun = async (options: BackupOptions): Promise<BackupResult> => {
  const cluster = await openCluster(options)
  const folder = mkdtempSync(join(tmpdir(), 'tongda-torture-backup-'))
  try {
    let [running, copying, acknowledgedMeanwhile, longestMs] = [true, false, 0, 0]
    cluster.simulator.onEvent((event) => {
      if (!copying || event.kind !== 'exchange' || event.exchange.kind !== 'push') return
      if (event.exchange.result === 'answered' || event.exchange.result === 'acknowledged')
        acknowledgedMeanwhile += 1
    })
    const talks = cluster.contacts.map((openid) => talk(cluster, openid, { running: () => running }))
    const made: Made[] = []
    for (let n = 0; n < options.backups; n += 1) {
      await delay(options.betweenMs)
      const archive = join(folder, `${String(n)}.tgz`)
      const startedAt = performance.now()
      copying = true
      const told = await cluster.nodes[0]?.command(['backup', archive, '--json'])
      copying = false
      longestMs = Math.max(longestMs, Math.round(performance.now() - startedAt))
      made.push({ archive, answer: answerOf(told ?? '') })
    }
    running = false
    const asked = await Promise.all(talks)
    const settledMs = await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const differing: string[] = []
    for (const one of made) differing.push(...(await compare(one, options.databaseUrl)))
    const messages = made.map(
      ({ answer }) => answer.tables.find(({ name }) => name === 'public.messages')?.rows ?? 0,
    )
    return {
      ...cluster.verdict(asked),
      ...{ messages, acknowledgedMeanwhile, longestMs, differing, settledMs },
    }
  } finally {
    await cluster.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}
