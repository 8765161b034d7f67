import { setTimeout as delay } from 'node:timers/promises'

/** The value below which `share` of the sorted values lie. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

/** Calls `say` at a steady rate, whether or not earlier calls have come back. */
export const atRate = async <Result>(
  perSecond: number,
  count: number,
  say: (n: number) => Promise<Result>,
): Promise<readonly Result[]> => {
  const startedAt = performance.now()
  const calls: Promise<Result>[] = []
  for (let n = 0; n < count; n += 1) {
    const dueIn = startedAt + (n * 1_000) / perSecond - performance.now()
    if (dueIn > 0) await delay(dueIn)
    calls.push(say(n))
  }
  return Promise.all(calls)
}

/** Keeps `workers` calls under way for `forMs`; gives the results and the seconds it took. */
export const asFastAsPossible = async <Result>(
  workers: number,
  forMs: number,
  say: (n: number) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly seconds: number }> => {
  const startedAt = performance.now()
  const results: Result[] = []
  let n = 0
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) results.push(await say((n += 1)))
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { results, seconds: (performance.now() - startedAt) / 1_000 }
}
