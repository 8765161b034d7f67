import { meanWithin, type Estimate } from '../core/estimate.ts'

/**
 * The mean of scores, counted from 1 to 5, with its t interval; undefined: of nothing. Answers that are all the same tell
 * nothing of how others scatter: they have no interval.
 */
export const meanOf = (scores: readonly number[]): Estimate | undefined => {
  const count = scores.reduce((sum, one) => sum + one, 0)
  const mean = scores.reduce((sum, one, place) => sum + one * (place + 1), 0) / count
  const squares = scores.reduce((sum, one, place) => sum + one * (place + 1 - mean) ** 2, 0)
  return meanWithin({ count, mean, squares }, [1, 5])
}
