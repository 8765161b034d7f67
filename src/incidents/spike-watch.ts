import type { BucketCount, Spike, SpikeEvent, SpikeScope } from '../core/spike.ts'
import { type Dispersions, type Finding, findSpikes } from './attribute.ts'
import {
  type Baseline,
  createShapeReader,
  emptyBaseline,
  emptyShape,
  expect,
  learnBaseline,
  learnShape,
  type Rate,
  type ShapeReader,
  type WeekPlace,
  type WeekShape,
} from './baseline.ts'
import {
  bucketMs,
  calmBuckets,
  covers,
  defaultLimits,
  evidenceOf,
  groupBy,
  lately,
  longestWindow,
  type Measured,
  sameScope,
  type SpikeLimits,
  tallyOf,
} from './tally.ts'

/** Everything known of one topic on one channel. */
export interface WatchedCell {
  readonly topic: string
  readonly channel: string
  /** Buckets since it was first seen, as far as they were measured. */
  age: number
  readonly baseline: Baseline
  recent: Measured[]
}

/** What a store keeps between two buckets; plain data. */
export interface SpikeState {
  /** The last bucket that was closed, counted from 1970; -1: none. */
  last: number
  /** Nothing is proposed or learned before this bucket: what waited during a gap comes in a heap. */
  restsUntil: number
  readonly shape: WeekShape
  readonly scatter: Readonly<Record<keyof Dispersions, Rate>>
  readonly cells: WatchedCell[]
  open: Spike[]
}

export interface SpikeWatchOptions {
  readonly newId: () => string
  /** The hour of the week, 0 to 168, at a time; holidays may be Sundays there, working Saturdays Mondays. */
  readonly hourOfWeek: (ms: number) => number
  readonly limits?: Partial<SpikeLimits>
}

export interface SpikeWatch {
  /**
   * Closes the bucket that starts at `startMs` with its counts; topics and channels that are left out had none. A bucket
   * that was closed before takes the counts as late ones; buckets that were skipped count as not measured.
   */
  close(startMs: number, counts: readonly BucketCount[]): readonly SpikeEvent[]
  /** What is going on. */
  open(): readonly Spike[]
  state(): SpikeState
}

export const emptySpikeState = (): SpikeState => ({
  last: -1,
  restsUntil: -1,
  shape: emptyShape(),
  scatter: {
    cell: { count: 0, exposure: 0 },
    topic: { count: 0, exposure: 0 },
    channel: { count: 0, exposure: 0 },
    all: { count: 0, exposure: 0 },
  },
  cells: [],
  open: [],
})

/** A day of its own before a cell takes part. */
const warmUpBuckets = 288
/** What goes on for so long is the new usual: it is learned, and ends the disturbance. */
const newUsualMs = 24 * 3_600_000
/** Buckets after a gap that are looked away from. */
const restBuckets = 2
/** A single bucket teaches no more than so many deviations above what was expected. */
const believable = 3
/** How far counts scatter where nothing is known yet, and how much that guess weighs. */
const scatterGuess = { value: 0.02, weight: 20_000, least: 0.004, fading: 0.5 ** (1 / 8_640) }

const placeOf = (hour: number): WeekPlace => {
  const middle = (hour + 167.5) % 168
  const slot = Math.floor(middle)
  return { slot, next: (slot + 1) % 168, share: middle - slot }
}

const dispersionOf = ({ count, exposure }: Rate): number =>
  Math.max(
    scatterGuess.least,
    (count + scatterGuess.value * scatterGuess.weight) / (exposure + scatterGuess.weight),
  )

const dispersionsOf = ({ scatter }: SpikeState): Dispersions => ({
  cell: dispersionOf(scatter.cell),
  topic: dispersionOf(scatter.topic),
  channel: dispersionOf(scatter.channel),
  all: dispersionOf(scatter.all),
})

/** Adds what one count says of the scatter; weighed by its square, so that busy ones speak. */
const learnScatter = (rate: Rate, { observed, expected, unsure }: Measured, left: number): void => {
  const square = expected * expected
  // One outlier shall not blind the watch.
  const beyond = Math.min((observed - expected) ** 2 - expected - unsure * square, square / 4)
  rate.count = Math.max(0, rate.count * left + beyond)
  rate.exposure = rate.exposure * left + square
}

const sumsBy = (cells: readonly WatchedCell[], keyOf: (cell: WatchedCell) => string): readonly Measured[] =>
  [...groupBy(cells, keyOf).values()].map((own) => tallyOf(own, 1))

const learnScatters = ({ scatter }: SpikeState, cells: readonly WatchedCell[]): void => {
  const levels = {
    cell: cells.flatMap(({ recent }) => recent.slice(-1)),
    topic: sumsBy(cells, ({ topic }) => topic),
    channel: sumsBy(cells, ({ channel }) => channel),
    all: sumsBy(cells, () => ''),
  }
  for (const level of ['cell', 'topic', 'channel', 'all'] as const) {
    const rate = scatter[level]
    rate.count *= scatterGuess.fading
    rate.exposure *= scatterGuess.fading
    for (const measured of levels[level]) learnScatter(rate, measured, 1)
  }
}

/** Teaches the baselines what a bucket held, without what a disturbance put on top. */
const learn = (state: SpikeState, index: number, place: WeekPlace, shape: ShapeReader): void => {
  const dispersion = dispersionOf(state.scatter.cell)
  const isTaught = (cell: WatchedCell): boolean =>
    state.open.every(({ scope, sinceMs }) => !covers(scope, cell) || index * bucketMs - sinceMs > newUsualMs)
  let [count, usual] = [0, 0]
  for (const cell of state.cells) {
    const [measured] = cell.recent.slice(-1)
    if (measured === undefined) continue
    const guess = expect(cell.baseline, place, shape)
    const { observed, expected, unsure } = measured
    const spread = Math.sqrt(expected + (dispersion + unsure) * expected * expected)
    const isYoung = cell.age < warmUpBuckets
    const believed = isYoung ? observed : Math.min(observed, expected + believable * spread + 2)
    const isOpen = !isTaught(cell)
    count += isOpen ? expected : believed
    usual += (isOpen ? expected * shape.common : guess.usual) / shape.common
    if (!isOpen) learnBaseline(cell.baseline, { count: believed, usual: guess.usual }, place, shape)
  }
  learnShape(state.shape, { count, usual }, place)
  learnScatters(
    state,
    state.cells.filter((cell) => cell.age >= warmUpBuckets && isTaught(cell)),
  )
}

const keyOf = (topic: string, channel: string): string => `${topic}\n${channel}`

/** Counts by topic and channel; cells that are new are opened. */
const sortCounts = (state: SpikeState, counts: readonly BucketCount[]): ReadonlyMap<string, number> => {
  const known = new Set(state.cells.map(({ topic, channel }) => keyOf(topic, channel)))
  const sums = new Map<string, number>()
  for (const { topic, channel, count } of counts) {
    const key = keyOf(topic, channel)
    sums.set(key, (sums.get(key) ?? 0) + count)
    if (known.has(key)) continue
    known.add(key)
    state.cells.push({ topic, channel, age: 0, baseline: emptyBaseline(), recent: [] })
  }
  return sums
}

const measure = (
  state: SpikeState,
  counts: ReadonlyMap<string, number>,
  place: WeekPlace,
  shape: ShapeReader,
): void => {
  for (const cell of state.cells) {
    const { mean, unsure } = expect(cell.baseline, place, shape)
    const observed = counts.get(keyOf(cell.topic, cell.channel)) ?? 0
    cell.recent = [...cell.recent.slice(1 - longestWindow), { observed, expected: mean, unsure }]
    cell.age += 1
  }
}

/** What came late raises the bucket it belongs to, as long as that is looked at. */
const addLate = (state: SpikeState, index: number, counts: ReadonlyMap<string, number>): void => {
  for (const cell of state.cells) {
    const measured = cell.recent.at(index - state.last - 1)
    if (measured !== undefined) measured.observed += counts.get(keyOf(cell.topic, cell.channel)) ?? 0
  }
}

const levelOf = ({ topic, channel }: SpikeScope): keyof Dispersions =>
  topic === undefined ? (channel === undefined ? 'all' : 'channel') : channel === undefined ? 'topic' : 'cell'

/** Later windows begin anew: none reaches over a gap, or holds what waited during it. */
const forgetRecent = (cells: readonly WatchedCell[]): void => {
  for (const cell of cells) cell.recent = []
}

/** Ends what has become calm; tells the numbers of what goes on anew. */
const follow = (state: SpikeState, endedMs: number): readonly SpikeEvent[] => {
  const events: SpikeEvent[] = []
  const dispersions = dispersionsOf(state)
  state.open = state.open.flatMap((spike) => {
    const cells = state.cells.filter((cell) => covers(spike.scope, cell))
    const { tally, isCalm } = lately(cells)
    const isMeasured = cells.some(({ recent }) => recent.length >= calmBuckets)
    if (isMeasured && isCalm) {
      // What is over shall not be found again in the long windows of its parts.
      forgetRecent(cells)
      events.push({ kind: 'ended', spike, endedMs })
      return []
    }
    const evidence = evidenceOf(tally, calmBuckets, dispersions[levelOf(spike.scope)])
    return [isMeasured ? { ...spike, evidence } : spike]
  })
  return events
}

/** Proposes one disturbance for all that it explains; what is open already explains its parts. */
const propose = (
  state: SpikeState,
  { scope, evidence, isWide }: Finding,
  { endMs, newId }: { readonly endMs: number; readonly newId: () => string },
): readonly SpikeEvent[] => {
  if (state.open.some((spike) => covers(spike.scope, scope) || sameScope(spike.scope, scope))) return []
  const inner = state.open.filter((spike) => covers(scope, spike.scope))
  const [first, ...others] = inner
  if (first === undefined) {
    const spike = { id: newId(), scope, sinceMs: endMs - evidence.minutes * 60_000, evidence }
    state.open.push(spike)
    return [{ kind: 'proposed', spike }]
  }
  // Its parts are known: only more than those is news.
  if (!isWide) return []
  const widened = { ...first, scope, evidence }
  state.open = state.open
    .map((spike) => (spike === first ? widened : spike))
    .filter((spike) => !others.includes(spike))
  return [
    { kind: 'widened', spike: widened, from: first.scope },
    ...others.map((spike): SpikeEvent => ({ kind: 'ended', spike, endedMs: endMs })),
  ]
}

/** Wide ones first, from the whole product down; groups in which only one part stands out come after that part. */
const inOrder = (findings: readonly Finding[]): readonly Finding[] => [
  ...findings.filter(({ isWide }) => isWide),
  ...findings.filter(({ isWide }) => !isWide).reverse(),
]

const detect = (state: SpikeState, { newId, limits }: SpikeWatchOptions): readonly SpikeEvent[] => {
  const endMs = (state.last + 1) * bucketMs
  const ended = follow(state, endMs)
  if (state.last < state.restsUntil) return ended
  const grown = state.cells.filter(({ age }) => age >= warmUpBuckets)
  const findings = findSpikes(grown, dispersionsOf(state), { ...defaultLimits, ...limits })
  return [...ended, ...inOrder(findings).flatMap((finding) => propose(state, finding, { endMs, newId }))]
}

/** Opens the watch on what a store kept, which it changes. Time and memory per bucket grow with topics × channels only. */
export const createSpikeWatch = (state: SpikeState, options: SpikeWatchOptions): SpikeWatch => ({
  close: (startMs, counts) => {
    const index = Math.floor(startMs / bucketMs)
    const sums = sortCounts(state, counts)
    if (index <= state.last) {
      addLate(state, index, sums)
      return detect(state, options)
    }
    if (state.last >= 0 && index > state.last + 1) {
      forgetRecent(state.cells)
      state.restsUntil = index + restBuckets
    }
    state.last = index
    const place = placeOf(options.hourOfWeek(startMs + bucketMs / 2))
    const shape = createShapeReader(state.shape)
    measure(state, sums, place, shape)
    const events = detect(state, options)
    if (index >= state.restsUntil) learn(state, index, place, shape)
    else forgetRecent(state.cells)
    return events
  },
  open: () => state.open,
  state: () => state,
})
