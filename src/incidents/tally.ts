import type { SpikeEvidence, SpikeScope } from '../core/spike.ts'
import { chanceOfMore } from './negative-binomial.ts'

/** What one topic on one channel had in a bucket, beside what was expected. */
export interface Measured {
  observed: number
  readonly expected: number
  /** Variance of what was expected, over its square. */
  readonly unsure: number
}

/** The last buckets of one topic on one channel, the newest last. */
export interface Cell {
  readonly topic: string
  readonly channel: string
  readonly recent: readonly Measured[]
}

export const bucketMs = 300_000
const bucketMinutes = bucketMs / 60_000

export const covers = (scope: SpikeScope, { topic, channel }: SpikeScope): boolean =>
  (scope.topic === undefined || scope.topic === topic) &&
  (scope.channel === undefined || scope.channel === channel)

export const sameScope = (one: SpikeScope, other: SpikeScope): boolean =>
  one.topic === other.topic && one.channel === other.channel

export interface Tally {
  readonly observed: number
  readonly expected: number
  /** Variance of the guess, over its square. */
  readonly unsure: number
}

/** Sums the last `buckets` of cells. */
export const tallyOf = (cells: readonly Cell[], buckets: number): Tally => {
  let [observed, expected, variance] = [0, 0, 0]
  for (const { recent } of cells) {
    let own = 0
    let doubt = 0
    for (let at = Math.max(0, recent.length - buckets); at < recent.length; at++) {
      const one = recent[at]
      if (one === undefined) continue
      observed += one.observed
      own += one.expected
      doubt = Math.max(doubt, one.unsure)
    }
    expected += own
    variance += doubt * own * own
  }
  return { observed, expected, unsure: expected > 0 ? variance / (expected * expected) : 0 }
}

export const evidenceOf = (
  { observed, expected, unsure }: Tally,
  buckets: number,
  dispersion: number,
): SpikeEvidence => ({
  observed,
  expected,
  factor: observed / Math.max(expected, 1e-3),
  minutes: buckets * bucketMinutes,
  p: chanceOfMore(observed, expected, dispersion + unsure),
})

/** Windows that are looked at, in buckets: short ones find what is busy at once, long ones what is quiet in time. */
export const windows = [1, 2, 3, 6, 12] as const
export const longestWindow = 12

/** Buckets below this factor, together, are calm: nothing begins, and what was going on ends. */
const calm = { buckets: 3, factor: 1.5 }

/** What went on in the last buckets, and whether that is calm. */
export const lately = (cells: readonly Cell[]): { readonly tally: Tally; readonly isCalm: boolean } => {
  const tally = tallyOf(cells, calm.buckets)
  return { tally, isCalm: tally.observed < calm.factor * tally.expected }
}
export const calmBuckets = calm.buckets

/** What must come together for a proposal. */
export interface SpikeLimits {
  /** Chance at most that it is nothing. Default 3e-8: 200 series are looked at two million times a week. */
  readonly openAt: number
  /** Times as much as expected at least. Default 2. */
  readonly leastFactor: number
  /** Messages in the window at least. Default 10. */
  readonly leastCount: number
}

export const defaultLimits: SpikeLimits = { openAt: 3e-8, leastFactor: 2, leastCount: 10 }

/** The window in which a group of cells stands out most; undefined: in none. */
export const standsOut = (
  cells: readonly Cell[],
  dispersion: number,
  { openAt, leastFactor, leastCount }: SpikeLimits,
): SpikeEvidence | undefined => {
  const span = cells.reduce((most, { recent }) => Math.max(most, recent.length), 0)
  // A long window still holds what is over already.
  if (lately(cells).isCalm) return undefined
  let found: SpikeEvidence | undefined
  for (const buckets of windows) {
    if (buckets > span) break
    const tally = tallyOf(cells, buckets)
    if (tally.observed < leastCount || tally.observed < leastFactor * tally.expected) continue
    const evidence = evidenceOf(tally, buckets, dispersion)
    if (evidence.p <= openAt && (found === undefined || evidence.p < found.p)) found = evidence
  }
  return found
}

export const groupBy = <Member>(
  members: readonly Member[],
  keyOf: (member: Member) => string,
): ReadonlyMap<string, readonly Member[]> => {
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    const known = groups.get(keyOf(member))
    if (known === undefined) groups.set(keyOf(member), [member])
    else known.push(member)
  }
  return groups
}
