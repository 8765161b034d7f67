import type { SpikeEvent, SpikeScope } from '../../src/core/spike.ts'
import { bucketMs, createSpikeWatch, emptySpikeState } from '../../src/incidents/index.ts'
import { createDraws } from './random.ts'
import { createTraffic, type Disturbance, hourOfWeek, mondayMs } from './traffic.ts'

const minuteMs = 60_000
const weekBuckets = 2_016

/** What became of one disturbance. */
export interface Trial {
  readonly scope: SpikeScope
  /** Usual messages of five minutes at its begin. */
  readonly expected: number
  /** Minutes until a proposal whose scope is it, contains it or is contained in it; undefined: none while it lasted. */
  readonly foundAfter: number | undefined
  /** Proposals while it lasted that concern it. */
  readonly proposals: number
  /** Whether at its end a proposal named exactly its scope. */
  readonly isExact: boolean
}

export interface TrialOptions {
  readonly seed: number
  readonly learnWeeks?: number
  readonly weeks?: number
  readonly factor?: number
  /** Disturbances a day; 0 measures false alarms. */
  readonly perDay?: number
}

const touches = (one: SpikeScope, other: SpikeScope): boolean =>
  (one.topic === undefined || other.topic === undefined || one.topic === other.topic) &&
  (one.channel === undefined || other.channel === undefined || one.channel === other.channel)

/** A topic on a channel in half of the cases, else a topic, a channel or everything. */
const pickScope = (random: (below: number) => number): SpikeScope => {
  const topic = `topic-${String(random(40))}`
  const channel = `channel-${String(random(5))}`
  const kind = random(8)
  if (kind < 4) return { topic, channel }
  if (kind < 6) return { topic }
  return kind < 7 ? { channel } : {}
}

/** Runs made-up traffic through a watch and tells what was found and what was proposed for nothing. */
export const runTrial = ({ seed, learnWeeks = 3, weeks = 1, factor = 3, perDay = 3 }: TrialOptions) => {
  const traffic = createTraffic({ seed })
  const random = createDraws(seed * 7 + 1)
  let ids = 0
  const watch = createSpikeWatch(emptySpikeState(), {
    newId: () => `spike-${String((ids += 1))}`,
    hourOfWeek,
  })
  const from = learnWeeks * weekBuckets
  const to = from + weeks * weekBuckets
  const disturbances: Disturbance[] = []
  const apartBuckets = perDay === 0 ? 0 : Math.floor(288 / perDay)
  for (let at = from + 20; perDay > 0 && at < to - 40; at += apartBuckets) {
    const startMs = mondayMs + (at + random(apartBuckets - 40)) * bucketMs + random(5) * minuteMs
    disturbances.push({ scope: pickScope(random), startMs, endMs: startMs + 60 * minuteMs, factor })
  }
  const heard: { readonly event: SpikeEvent; readonly atMs: number }[] = []
  for (let at = 0; at < to; at++) {
    const ms = mondayMs + at * bucketMs
    const near = disturbances.filter(({ startMs, endMs }) => startMs < ms + bucketMs && endMs > ms)
    const events = watch.close(ms, traffic.bucket(ms, near))
    if (at >= from) for (const event of events) heard.push({ event, atMs: ms + bucketMs })
  }
  const proposals = heard.filter(({ event }) => event.kind === 'proposed')
  const isDuring = (atMs: number, { startMs, endMs }: Disturbance): boolean =>
    atMs > startMs && atMs <= endMs + 30 * minuteMs
  const trials = disturbances.map((one): Trial => {
    const own = proposals.filter(
      ({ event, atMs }) => isDuring(atMs, one) && touches(event.spike.scope, one.scope),
    )
    const last = heard.filter(({ event, atMs }) => event.kind !== 'ended' && isDuring(atMs, one)).at(-1)
    return {
      scope: one.scope,
      expected: traffic.expected(one.scope, one.startMs),
      foundAfter: own[0] === undefined ? undefined : (own[0].atMs - one.startMs) / minuteMs,
      proposals: own.length,
      isExact:
        last !== undefined &&
        last.event.spike.scope.topic === one.scope.topic &&
        last.event.spike.scope.channel === one.scope.channel,
    }
  })
  const falseAlarms = proposals.filter(
    ({ event, atMs }) =>
      !disturbances.some((one) => isDuring(atMs, one) && touches(event.spike.scope, one.scope)),
  )
  return { trials, falseAlarms: falseAlarms.map(({ event, atMs }) => ({ ...event.spike, atMs })), weeks }
}
