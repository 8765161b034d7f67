/** One value of a reading, by its labels. */
export interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

const toNumber = (text: string): number => (text === '+Inf' ? Infinity : Number(text))

/** Reads Prometheus' text format; what is no sample is left out. */
export const parseSamples = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((one) => {
    const [, name, labels = '', value] = line.exec(one) ?? []
    if (name === undefined || value === undefined) return []
    return [
      {
        name,
        value: toNumber(value),
        labels: new Map([...labels.matchAll(label)].map(([, key = '', found = '']) => [key, found] as const)),
      },
    ]
  })

/** What one node said at one moment. */
export interface Reading {
  readonly url: string
  /** By `performance.now()`. */
  readonly at: number
  readonly samples: readonly Sample[]
}

type Labels = Readonly<Record<string, string>>

const fits = ({ labels }: Sample, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels.get(key) === value)

/** All samples with this name and these labels. */
export const samplesOf = ({ samples }: Reading, name: string, wanted: Labels = {}): readonly Sample[] =>
  samples.filter((sample) => sample.name === name && fits(sample, wanted))

/** Their sum; undefined: there is none. */
export const sumOf = (reading: Reading, name: string, wanted: Labels = {}): number | undefined => {
  const found = samplesOf(reading, name, wanted)
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}

/** A counter's growth a second between two readings of one node; a node that started anew began at zero. */
export const rateOf = (before: Reading, after: Reading, name: string, wanted: Labels = {}): number => {
  const [old, now] = [sumOf(before, name, wanted) ?? 0, sumOf(after, name, wanted) ?? 0]
  const seconds = Math.max(0.001, (after.at - before.at) / 1_000)
  return (now < old ? now : now - old) / seconds
}

type Buckets = ReadonlyMap<number, number>

const bucketsOf = (reading: Reading, name: string): Buckets => {
  const found = new Map<number, number>()
  for (const { labels, value } of samplesOf(reading, `${name}_bucket`)) {
    const upTo = toNumber(labels.get('le') ?? '')
    found.set(upTo, (found.get(upTo) ?? 0) + value)
  }
  return found
}

/** How much each bucket grew over all nodes; what they hold in all, where nothing came meanwhile. */
const grown = (pairs: readonly (readonly [Reading, Reading])[], name: string): Buckets => {
  const growth = new Map<number, number>()
  const all = new Map<number, number>()
  for (const [before, after] of pairs) {
    const old = bucketsOf(before, name)
    for (const [upTo, count] of bucketsOf(after, name)) {
      growth.set(upTo, (growth.get(upTo) ?? 0) + Math.max(0, count - (old.get(upTo) ?? 0)))
      all.set(upTo, (all.get(upTo) ?? 0) + count)
    }
  }
  return (growth.get(Infinity) ?? 0) > 0 ? growth : all
}

/**
 * A quantile of a histogram in seconds, of what came between the readings, else since the start; linear within a bucket, as
 * Prometheus reckons it. Undefined: nothing was measured.
 */
export const quantileOf = (
  pairs: readonly (readonly [Reading, Reading])[],
  name: string,
  quantile: number,
): number | undefined => {
  const buckets = [...grown(pairs, name)].sort(([one], [other]) => one - other)
  const total = buckets.at(-1)?.[1] ?? 0
  if (total === 0) return undefined
  const rank = quantile * total
  const at = buckets.findIndex(([, count]) => count >= rank)
  const [upTo = 0, count = 0] = buckets[at] ?? []
  const [from, below] = at > 0 ? (buckets[at - 1] ?? [0, 0]) : [0, 0]
  // Above the last bound nothing finer is known.
  if (upTo === Infinity) return from
  return count === below ? upTo : from + ((upTo - from) * (rank - below)) / (count - below)
}
