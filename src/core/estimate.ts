/** A number and where the true one lies with 95 %. */
export interface Estimate {
  readonly value: number
  readonly low?: number
  readonly high?: number
}

/** Fewer answers say too little for an interval. */
export const leastForInterval = 5

/** The normal quantile of 97.5 %. */
const z = 1.959963984540054

const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** A share with its Wilson interval; undefined: of nothing. */
export const shareOf = (count: number, total: number): Estimate | undefined => {
  if (total === 0) return undefined
  const value = count / total
  if (total < leastForInterval) return { value }
  const weight = z ** 2 / total
  const centre = (value + weight / 2) / (1 + weight)
  const half = (z / (1 + weight)) * Math.sqrt((value * (1 - value)) / total + weight / (4 * total))
  return { value, low: clip(centre - half, 0, 1), high: clip(centre + half, 0, 1) }
}

/** Student's t quantile of 97.5 % from four degrees of freedom on (Cornish–Fisher; wrong by less than 0.001). */
const studentQuantile = (freedom: number): number => {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ]
  return terms.reduce((sum, term, place) => sum + term / freedom ** (place + 1), z)
}

/** How many values there are, their mean, and the sum of their squared distances from it. */
export interface Spread {
  readonly count: number
  readonly mean: number
  readonly squares: number
}

/** A mean with its t interval, cut off at the ends of its scale; undefined: of nothing. */
export const meanWithin = (
  { count, mean, squares }: Spread,
  [lowest, highest]: readonly [number, number],
): Estimate | undefined => {
  if (count === 0) return undefined
  // Values that are all the same tell nothing of how others scatter.
  if (count < leastForInterval || squares <= 0) return { value: mean }
  const half = studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count)
  return { value: mean, low: clip(mean - half, lowest, highest), high: clip(mean + half, lowest, highest) }
}

/**
 * Percentage points of promoters (9 and 10) above detractors (0 to 6), from counts of 0 to 10, with its standard error and a
 * normal interval; undefined: of nothing.
 */
export const npsOf = (
  counts: readonly number[],
): (Estimate & { readonly standardError?: number }) | undefined => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  const share = (from: number, to: number): number =>
    counts.slice(from, to).reduce((sum, count) => sum + count, 0) / total
  const [promoters, detractors] = [share(9, 11), share(0, 7)]
  const net = promoters - detractors
  const spread = promoters + detractors - net ** 2
  const value = 100 * net
  if (total < leastForInterval || spread <= 0) return { value }
  const standardError = 100 * Math.sqrt(spread / (total - 1))
  const half = z * standardError
  return { value, standardError, low: clip(value - half, -100, 100), high: clip(value + half, -100, 100) }
}
