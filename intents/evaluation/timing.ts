import { mean, quantile } from './metrics.ts'

/** How long texts took, one after the other, in milliseconds; `perSecond` is their rate. */
export interface Timing {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSecond: number
}

/** What was made of the items, and how long each took. */
export interface Timed<Result> {
  readonly results: readonly Result[]
  readonly timing: Timing
}

/** Does `work` on the items, one after the other. */
export const timeEach = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Timed<Result>> => {
  const results: Result[] = []
  const times: number[] = []
  for (const item of items) {
    const started = performance.now()
    results.push(await work(item))
    times.push(performance.now() - started)
  }
  const each = mean(times)
  return {
    results,
    timing: {
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      perSecond: each === 0 ? 0 : 1000 / each,
    },
  }
}
