/** What a disturbance is about: a topic on a channel, a topic everywhere, a channel whatever the topic, or everything. */
export interface SpikeScope {
  /** Absent: all topics. */
  readonly topic?: string
  /** Absent: all channels. */
  readonly channel?: string
}

/** Messages of one topic on one channel within a bucket. */
export interface BucketCount {
  readonly topic: string
  readonly channel: string
  readonly count: number
}

/** Why a disturbance is believed in, in numbers. */
export interface SpikeEvidence {
  /** Messages within the window. */
  readonly observed: number
  /** Messages that the window would have had on any other day. */
  readonly expected: number
  /** `observed / expected`. */
  readonly factor: number
  /** Length of the window. */
  readonly minutes: number
  /** Chance of so many or more when nothing is wrong. */
  readonly p: number
}

/** A disturbance that is going on. */
export interface Spike {
  readonly id: string
  readonly scope: SpikeScope
  /** Start of the first bucket that stood out, in ms since 1970. */
  readonly sinceMs: number
  readonly evidence: SpikeEvidence
}

export type SpikeEvent =
  | { readonly kind: 'proposed'; readonly spike: Spike }
  /** The same disturbance turned out to reach further. */
  | { readonly kind: 'widened'; readonly spike: Spike; readonly from: SpikeScope }
  | { readonly kind: 'ended'; readonly spike: Spike; readonly endedMs: number }
