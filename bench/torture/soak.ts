import { setTimeout as delay } from 'node:timers/promises'
import { megabytes } from '../report.ts'
import { keys, openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How long and how hard. */
export interface SoakOptions extends Pick<ClusterOptions, 'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'> {
  readonly minutes: number
  /** Messages of all contacts. */
  readonly perSecond: number
  /** Hears how it stands, once a minute. */
  readonly onMinute?: (line: { readonly minute: number; readonly megabytes: readonly number[] }) => void
}

/** What hours of steady work leave behind. */
export interface SoakResult extends Verdict {
  readonly minutes: number
  /** Growth of the node that grows fastest after the first ten minutes, by least squares; undefined: it was shorter. */
  readonly megabytesPerMinute: number | undefined
  readonly lastMegabytes: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Repeats that it does not show as such. Must be 0. */
  readonly unmarked: number
}

const warmMinutes = 10
const samplesAMinute = 6
const minuteMs = 60_000

interface Sample {
  readonly minute: number
  readonly bytes: number
}

/** Megabytes a minute by least squares; undefined of fewer than two points. */
const slopeOf = (samples: readonly Sample[]): number | undefined => {
  if (samples.length < 2) return undefined
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(samples.map(({ minute }) => minute)), mean(samples.map(({ bytes }) => bytes))]
  const spread = samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0)
  const together = samples.reduce((sum, { minute, bytes }) => sum + (minute - x) * (bytes - y), 0)
  return Math.round((together / spread / 1_048_576) * 100) / 100
}

/** Lets contacts talk at a steady pace for a long time and looks at what the nodes hold. */
export const soakRun = async (options: SoakOptions): Promise<SoakResult> => {
  const { minutes, perSecond, onMinute } = options
  // Everybody has all their things to ask spread over the whole time.
  const pauseMs = (minutes * minuteMs) / keys
  const cluster = await openCluster({ ...options, contacts: Math.ceil((perSecond * pauseMs) / 1_000) })
  try {
    let running = true
    const talks = cluster.contacts.map(async (openid, place) => {
      await delay((pauseMs * place) / cluster.contacts.length)
      return talk(cluster, openid, { running: () => running, pauseMs })
    })
    const samples = cluster.nodes.map((): Sample[] => [])
    const startedAt = performance.now()
    for (let n = 1; n <= minutes * samplesAMinute; n += 1) {
      await delay(Math.max(0, startedAt + (n * minuteMs) / samplesAMinute - performance.now()))
      const minute = n / samplesAMinute
      cluster.nodes.forEach((node, at) => samples[at]?.push({ minute, bytes: node.residentBytes() }))
      if (n % samplesAMinute === 0)
        onMinute?.({ minute, megabytes: cluster.nodes.map((node) => megabytes(node.residentBytes())) })
    }
    running = false
    const asked = await Promise.all(talks)
    await cluster.settle(asked)
    for (const node of cluster.nodes) await node.stop()
    const marked = await cluster.countMarked()
    const unmarked = await cluster.countUnmarked(asked)
    const slopes = samples.map((ofNode) => slopeOf(ofNode.filter(({ minute }) => minute > warmMinutes)))
    const known = slopes.filter((slope) => slope !== undefined)
    return {
      ...cluster.verdict(asked),
      minutes,
      megabytesPerMinute: known.length === 0 ? undefined : Math.max(...known),
      lastMegabytes: Math.max(...samples.map((ofNode) => megabytes(ofNode.at(-1)?.bytes ?? 0))),
      ...{ marked, unmarked },
    }
  } finally {
    await cluster.dispose()
  }
}
