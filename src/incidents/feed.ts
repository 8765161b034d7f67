import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { EventLog, LoggedEvent } from '../core/event-log.ts'
import type { CountedBucket, CountedMessage, WatchPass, WatchStore } from '../core/incident.ts'
import type { BucketCount, SpikeEvent } from '../core/spike.ts'
import { createSpikeWatch, emptySpikeState, type SpikeState, type SpikeWatchOptions } from './spike-watch.ts'
import { bucketMs } from './tally.ts'

export interface SpikeFeedOptions extends SpikeWatchOptions {
  readonly store: WatchStore
  readonly events: Pick<EventLog, 'read' | 'newest'>
  readonly clock: Clock
}

const atOnce = 500
/** A message that nobody has thought about for so long is left out: one must not hold up all others. */
const patienceMs = 60_000
/** So long after its end a bucket is closed: what came in it is thought about by then. */
const graceMs = 60_000
/** Buckets that were missed and are closed one after the other; more count as not measured. */
const mostMissed = 12

/** A state as this version writes it; another begins anew. */
const Kept = z.looseObject({ format: z.literal(1), state: z.looseObject({ last: z.int() }) })

const readState = (text: string | undefined): SpikeState => {
  if (text === undefined) return emptySpikeState()
  const kept = Kept.safeParse(JSON.parse(text))
  // Written below, in this format.
  return kept.success ? (kept.data.state as unknown as SpikeState) : emptySpikeState()
}

const writeState = (state: SpikeState): string =>
  JSON.stringify({ format: 1, state }, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value,
  )

const idOf = ({ data }: LoggedEvent): string => (typeof data.messageId === 'string' ? data.messageId : '')

/** Up to the first that the bot is still about to think of. */
const settledPart = (
  events: readonly LoggedEvent[],
  messages: ReadonlyMap<string, CountedMessage>,
  now: Date,
): readonly LoggedEvent[] => {
  const waits = events.findIndex((event) => {
    const message = messages.get(idOf(event))
    return message?.isPending === true && now.getTime() - message.receivedAt.getTime() < patienceMs
  })
  return waits < 0 ? events : events.slice(0, waits)
}

const bucketOf = ({ receivedAt }: CountedMessage): number => Math.floor(receivedAt.getTime() / bucketMs)

type Counting = { -readonly [Fact in keyof BucketCount]: BucketCount[Fact] }

/** Counts by bucket, topic and channel; what nothing was understood of counts nowhere. */
const countMessages = (messages: readonly CountedMessage[]): ReadonlyMap<number, readonly BucketCount[]> => {
  const buckets = new Map<number, Map<string, Counting>>()
  for (const message of messages) {
    const { topic, channel } = message
    if (topic === undefined) continue
    const bucket = buckets.get(bucketOf(message)) ?? new Map<string, Counting>()
    buckets.set(bucketOf(message), bucket)
    const key = `${topic}\n${channel}`
    const known = bucket.get(key)
    if (known === undefined) bucket.set(key, { topic, channel, count: 1 })
    else known.count += 1
  }
  return new Map([...buckets].map(([bucket, counts]) => [bucket, [...counts.values()]]))
}

/** The buckets to be closed by now, in order. */
const dueBuckets = (last: number | undefined, now: Date): readonly number[] => {
  const newest = Math.floor((now.getTime() - graceMs) / bucketMs) - 1
  if (last === undefined) return [newest]
  const first = newest - last > mostMissed ? newest : last + 1
  return Array.from({ length: Math.max(0, newest - first + 1) }, (_, at) => first + at)
}

/** One look: what is read from the log, counted, and closed. */
const look = async (
  { store, events, clock, ...options }: SpikeFeedOptions,
  kept: NonNullable<Awaited<ReturnType<WatchStore['read']>>>,
): Promise<{ readonly pass: WatchPass; readonly more: boolean } | undefined> => {
  const read = await events.read({ after: kept.place, types: ['message.received'], limit: atOnce })
  const found = new Map((await store.messages(read.map(idOf))).map((one) => [one.messageId, one]))
  const now = clock.now()
  const settled = settledPart(read, found, now)
  const more = settled.length === atOnce
  const counted = countMessages(settled.flatMap((event) => found.get(idOf(event)) ?? []))
  const late = [...counted.keys()].filter((bucket) => kept.last !== undefined && bucket <= kept.last)
  const due = more ? [] : dueBuckets(kept.last, now)
  if (settled.length === 0 && due.length === 0) return undefined
  const added = [...counted].map(([bucket, counts]): CountedBucket => ({
    startMs: bucket * bucketMs,
    counts,
  }))
  const base = { version: kept.version, after: settled.at(-1)?.id ?? kept.place, added }
  if (late.length === 0 && due.length === 0) return { pass: { ...base, events: [] }, more }
  const { text, buckets } = await store.load(due)
  const watch = createSpikeWatch(readState(text), options)
  const heard: SpikeEvent[] = []
  for (const bucket of late) heard.push(...watch.close(bucket * bucketMs, counted.get(bucket) ?? []))
  for (const { startMs, counts } of buckets)
    heard.push(...watch.close(startMs, [...counts, ...(counted.get(startMs / bucketMs) ?? [])]))
  const state = { text: writeState(watch.state()), last: watch.state().last, open: watch.open() }
  return { pass: { ...base, state, events: heard }, more }
}

/**
 * Reads on in the log what came, and closes what is over. What is counted, learned and proposed takes effect together
 * with how far was read: a crash loses nothing and repeats nothing, and several nodes may pass at once.
 */
export const createSpikeFeed =
  (options: SpikeFeedOptions) =>
  /** Gives what happened. */
  async (signal: AbortSignal): Promise<readonly SpikeEvent[]> => {
    const { store, events, clock } = options
    const happened: SpikeEvent[] = []
    while (!signal.aborted) {
      const kept = await store.read()
      if (kept === undefined) {
        await store.begin(await events.newest())
        return happened
      }
      const looked = await look(options, kept)
      if (looked === undefined || !(await store.keep(looked.pass, clock.now()))) return happened
      happened.push(...looked.pass.events)
      if (!looked.more) return happened
    }
    return happened
  }
