import type { BucketCount, SpikeScope } from '../../src/core/spike.ts'
import { bucketMs } from '../../src/incidents/index.ts'
import { createDraws } from './random.ts'

/** A disturbance that is put on top of what is usual. */
export interface Disturbance {
  readonly scope: SpikeScope
  readonly startMs: number
  readonly endMs: number
  /** Times as much as usual, while it lasts. */
  readonly factor: number
}

export interface TrafficOptions {
  readonly seed: number
  readonly topics?: number
  readonly channels?: number
  /** Messages of the whole product in a mean bucket of five minutes. */
  readonly perBucket?: number
}

/** Monday 2026-01-05, 00:00. */
export const mondayMs = Date.UTC(2026, 0, 5)
const hourMs = 3_600_000
const weekMs = 168 * hourMs
export const hourOfWeek = (ms: number): number => ((ms - mondayMs) / hourMs) % 168

/** Two humps a day, the greater in the evening. */
const dayShape = (hour: number): number =>
  0.15 + 0.7 * Math.exp(-(((hour - 13) / 3.5) ** 2)) + 1.3 * Math.exp(-(((hour - 21) / 2.6) ** 2))

const createSamples = (seed: number) => {
  const random = createDraws(seed)
  const uniform = (): number => (random(1 << 24) + 0.5) / (1 << 24)
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const poisson = (mean: number): number => {
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    let [count, product] = [0, uniform()]
    for (const least = Math.exp(-mean); product > least; count++) product *= uniform()
    return count
  }
  return { random, uniform, normal, poisson }
}

interface SimulatedTopic {
  readonly name: string
  readonly weight: number
  readonly shiftHours: number
  readonly weekend: number
  /** Slow wandering around 1, as a logarithm. */
  drift: number
}

/** How much disturbances raise a bucket that starts at `ms`. */
const lifted = (name: string, channel: string, ms: number, disturbances: readonly Disturbance[]): number =>
  disturbances.reduce((factor, { scope, startMs, endMs, factor: own }) => {
    const isMeant = (scope.topic ?? name) === name && (scope.channel ?? channel) === channel
    // Part of a bucket only, where it begins or ends within.
    const share = Math.max(0, Math.min(endMs, ms + bucketMs) - Math.max(startMs, ms)) / bucketMs
    return isMeant ? factor + share * (own - 1) : factor
  }, 1)

/**
 * Made-up traffic of a product: few busy topics and many quiet ones, the shape of day and week, growth, slow wandering,
 * scatter beyond chance, a holiday that nobody announced, a release each week that half again as many write about.
 */
export const createTraffic = ({ seed, topics = 40, channels = 5, perBucket = 800 }: TrafficOptions) => {
  const { random, uniform, normal, poisson } = createSamples(seed)
  const weights = Array.from({ length: topics }, (_, at) => 1 / (at + 2) ** 0.9)
  const total = weights.reduce((sum, one) => sum + one, 0)
  const simulated: SimulatedTopic[] = weights.map((weight, at) => ({
    name: `topic-${String(at)}`,
    weight: weight / total,
    shiftHours: 1.5 * (uniform() - 0.5),
    weekend: 1 + 0.5 * uniform(),
    drift: 0,
  }))
  const shares = [0.42, 0.26, 0.17, 0.1, 0.05].slice(0, channels)
  const holiday = { day: 7 * 4 + 2 + random(3), factor: 1.3 }
  const releases = new Map<number, { readonly topic: string; readonly startMs: number }>()

  const releaseOf = (week: number) => {
    const known = releases.get(week) ?? {
      topic: `topic-${String(random(topics))}`,
      startMs: mondayMs + week * weekMs + (3 * 24 + 14) * hourMs,
    }
    releases.set(week, known)
    return known
  }
  const usual = (topic: SimulatedTopic, ms: number): number => {
    const hours = (ms - mondayMs) / hourMs
    const day = Math.floor(hours / 24)
    const release = releaseOf(Math.floor(hours / 168))
    const isReleased =
      release.topic === topic.name && ms >= release.startMs && ms < release.startMs + 3 * hourMs
    return (
      perBucket *
      topic.weight *
      dayShape((hours + topic.shiftHours + 24) % 24) *
      (day % 7 >= 5 ? topic.weekend : 1) *
      (day === holiday.day ? holiday.factor : 1) *
      1.02 ** (hours / 168) *
      (isReleased ? 1.5 : 1)
    )
  }
  return {
    /** Usual messages of a bucket, without wandering. */
    expected: ({ topic, channel }: SpikeScope, ms: number): number =>
      simulated
        .filter(({ name }) => topic === undefined || topic === name)
        .reduce((sum, one) => sum + usual(one, ms), 0) *
      shares.reduce(
        (sum, share, at) => sum + (channel === undefined || channel === `channel-${String(at)}` ? share : 0),
        0,
      ),
    /** Counts of the bucket that starts at `ms`; to be asked in order. */
    bucket: (ms: number, disturbances: readonly Disturbance[] = []): readonly BucketCount[] =>
      simulated.flatMap((topic) => {
        topic.drift = 0.98 * topic.drift + 0.02 * normal()
        const mean = usual(topic, ms) * Math.exp(topic.drift)
        return shares.map((share, at) => {
          const channel = `channel-${String(at)}`
          const scatter = Math.max(0.3, 1 + 0.1 * normal())
          const here = mean * share * scatter * lifted(topic.name, channel, ms, disturbances)
          return { topic: topic.name, channel, count: poisson(here) }
        })
      }),
  }
}
