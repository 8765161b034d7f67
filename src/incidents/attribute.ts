import type { SpikeEvidence, SpikeScope } from '../core/spike.ts'
import { bucketMs, type Cell, evidenceOf, groupBy, type SpikeLimits, standsOut, tallyOf } from './tally.ts'

/** How far counts scatter beyond chance at each level: variance over the square of the mean. */
export interface Dispersions {
  readonly cell: number
  readonly topic: number
  readonly channel: number
  readonly all: number
}

export interface Finding {
  readonly scope: SpikeScope
  readonly evidence: SpikeEvidence
  /** More than one part of it stands out: the whole is disturbed, not a part. */
  readonly isWide: boolean
}

/** What is left of a group without its strongest part must still be so much, and so unlikely, for the whole to be meant. */
const rest = { factor: 1.5, count: 5, p: 1e-3 }

/** Whether a group stands out without its strongest part, too. */
const outlastsStrongest = (
  parts: Iterable<readonly Cell[]>,
  buckets: number,
  dispersion: number,
): boolean => {
  const sized = [...parts].map((cells) => {
    const { observed, expected } = tallyOf(cells, buckets)
    return { cells, excess: observed - expected }
  })
  sized.sort((a, b) => b.excess - a.excess)
  const others = sized.slice(1).flatMap(({ cells }) => cells)
  const evidence = evidenceOf(tallyOf(others, buckets), buckets, dispersion)
  return evidence.observed >= rest.count && evidence.factor >= rest.factor && evidence.p <= rest.p
}

const bucketsOf = ({ minutes }: SpikeEvidence): number => (minutes * 60_000) / bucketMs

/** All groups that stand out, from the whole product down to single topics on single channels. */
export const findSpikes = (
  cells: readonly Cell[],
  dispersions: Dispersions,
  limits: SpikeLimits,
): readonly Finding[] => {
  const found: Finding[] = []
  const topics = groupBy(cells, ({ topic }) => topic)
  const channels = groupBy(cells, ({ channel }) => channel)
  const everything = standsOut(cells, dispersions.all, limits)
  if (everything !== undefined) {
    const outlasts = (parts: Iterable<readonly Cell[]>): boolean =>
      outlastsStrongest(parts, bucketsOf(everything), dispersions.all)
    const isWide = outlasts(topics.values()) && outlasts(channels.values())
    found.push({ scope: {}, evidence: everything, isWide })
  }
  const look = (scope: SpikeScope, own: readonly Cell[], dispersion: number): void => {
    const evidence = standsOut(own, dispersion, limits)
    if (evidence === undefined) return
    const parts = own.map((cell) => [cell])
    found.push({ scope, evidence, isWide: outlastsStrongest(parts, bucketsOf(evidence), dispersion) })
  }
  for (const [channel, own] of channels) look({ channel }, own, dispersions.channel)
  for (const [topic, own] of topics) look({ topic }, own, dispersions.topic)
  for (const cell of cells) {
    const evidence = standsOut([cell], dispersions.cell, limits)
    const { topic, channel } = cell
    if (evidence !== undefined) found.push({ scope: { topic, channel }, evidence, isWide: true })
  }
  return found
}
