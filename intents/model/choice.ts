import type { Breath } from './breath.ts'

/** One choice among alternatives, each described by the same few numbers. */
export interface Choice {
  /** Numbers of all alternatives, one after the other. */
  readonly rows: Float64Array
  /** Which alternative was right. */
  readonly chosen: number
  readonly weight: number
}

/** Pull towards zero: keeps weights finite when a number separates perfectly. */
const ridge = 1
const rounds = 12

/** Probability of each alternative under `weights`. */
export const chances = (rows: Float64Array, weights: Float64Array): Float64Array => {
  const count = rows.length / weights.length
  const out = new Float64Array(count)
  let highest = -Infinity
  for (let one = 0; one < count; one++) {
    let sum = 0
    for (let at = 0; at < weights.length; at++)
      sum += (rows[one * weights.length + at] ?? 0) * (weights[at] ?? 0)
    out[one] = sum
    highest = Math.max(highest, sum)
  }
  let total = 0
  for (let one = 0; one < count; one++) {
    const value = Math.exp((out[one] ?? 0) - highest)
    out[one] = value
    total += value
  }
  for (let one = 0; one < count; one++) out[one] = (out[one] ?? 0) / total
  return out
}

/** Solves `matrix · x = vector` for a symmetric positive matrix, by elimination in place. */
const solve = (matrix: Float64Array, vector: Float64Array): Float64Array => {
  const size = vector.length
  for (let pivot = 0; pivot < size; pivot++) {
    const head = matrix[pivot * size + pivot] ?? 1
    for (let row = pivot + 1; row < size; row++) {
      const factor = (matrix[row * size + pivot] ?? 0) / head
      if (factor === 0) continue
      for (let column = pivot; column < size; column++) {
        matrix[row * size + column] =
          (matrix[row * size + column] ?? 0) - factor * (matrix[pivot * size + column] ?? 0)
      }
      vector[row] = (vector[row] ?? 0) - factor * (vector[pivot] ?? 0)
    }
  }
  const out = new Float64Array(size)
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row] ?? 0
    for (let column = row + 1; column < size; column++)
      sum -= (matrix[row * size + column] ?? 0) * (out[column] ?? 0)
    out[row] = sum / (matrix[row * size + row] ?? 1)
  }
  return out
}

interface Slope {
  readonly gradient: Float64Array
  readonly curvature: Float64Array
}

/** Adds one choice's part to gradient and curvature of the likelihood. */
const addSlope = (
  { rows, chosen, weight }: Choice,
  weights: Float64Array,
  { gradient, curvature }: Slope,
): void => {
  const size = weights.length
  const chance = chances(rows, weights)
  const mean = new Float64Array(size)
  for (let one = 0; one < chance.length; one++) {
    for (let at = 0; at < size; at++)
      mean[at] = (mean[at] ?? 0) + (chance[one] ?? 0) * (rows[one * size + at] ?? 0)
  }
  for (let at = 0; at < size; at++) {
    gradient[at] = (gradient[at] ?? 0) + weight * ((rows[chosen * size + at] ?? 0) - (mean[at] ?? 0))
  }
  // Mean of products less product of means; most numbers are zero, so the first part is quick.
  for (let one = 0; one < chance.length; one++) {
    const share = weight * (chance[one] ?? 0)
    if (share < 1e-6) continue
    for (let row = 0; row < size; row++) {
      const first = share * (rows[one * size + row] ?? 0)
      if (first === 0) continue
      for (let column = 0; column < size; column++) {
        const place = row * size + column
        curvature[place] = (curvature[place] ?? 0) + first * (rows[one * size + column] ?? 0)
      }
    }
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const place = row * size + column
      curvature[place] = (curvature[place] ?? 0) - weight * (mean[row] ?? 0) * (mean[column] ?? 0)
    }
  }
}

/**
 * Finds the weights that make what was right most likely (conditional logit, Newton's method with a ridge).
 * With two alternatives, one of them all zeros, this is logistic regression. `size` numbers describe an alternative.
 */
export const fitChoices = async (
  choices: readonly Choice[],
  size: number,
  breath: Breath,
): Promise<Float64Array> => {
  let weights: Float64Array = new Float64Array(size)
  let loss = lossOf(choices, weights)
  for (let round = 0; round < rounds; round++) {
    const gradient = Float64Array.from(weights, (weight) => -ridge * weight)
    const curvature = new Float64Array(size * size)
    for (let at = 0; at < size; at++) curvature[at * size + at] = ridge
    for (const choice of choices) {
      addSlope(choice, weights, { gradient, curvature })
      if (breath.due()) await breath.pause()
    }
    const move = solve(curvature, gradient)
    const next = await stepTowards(choices, { from: weights, loss }, move, breath)
    if (next === undefined) break
    weights = next.weights
    loss = next.loss
    const longest = move.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    if (longest < 1e-4) break
  }
  return weights
}

/** What `weights` cost: how unlikely they make what was right, and the pull towards zero. */
const lossOf = (choices: readonly Choice[], weights: Float64Array): number => {
  let loss = weights.reduce((sum, weight) => sum + (ridge / 2) * weight * weight, 0)
  for (const { rows, chosen, weight } of choices)
    loss -= weight * Math.log(Math.max(chances(rows, weights)[chosen] ?? 0, 1e-300))
  return loss
}

const mostHalvings = 8

/** The whole step or, because Newton may overshoot while far away, the largest half of it that is better. */
const stepTowards = async (
  choices: readonly Choice[],
  { from, loss }: { readonly from: Float64Array; readonly loss: number },
  move: Float64Array,
  breath: Breath,
): Promise<{ readonly weights: Float64Array; readonly loss: number } | undefined> => {
  for (let halving = 0; halving < mostHalvings; halving++) {
    const weights = from.map((weight, at) => weight + (move[at] ?? 0) / 2 ** halving)
    const reached = lossOf(choices, weights)
    if (breath.due()) await breath.pause()
    if (reached < loss) return { weights, loss: reached }
  }
  return undefined
}

/** Logistic regression on rows of numbers: the weights that best tell `right` from wrong. */
export const fitLogistic = (
  cases: readonly { readonly row: Float64Array; readonly right: boolean; readonly weight: number }[],
  size: number,
  breath: Breath,
): Promise<Float64Array> =>
  fitChoices(
    cases.map(({ row, right, weight }) => {
      const rows = new Float64Array(size * 2)
      rows.set(row, size)
      return { rows, chosen: right ? 1 : 0, weight }
    }),
    size,
    breath,
  )

/** Probability under logistic weights. */
export const logistic = (row: Float64Array, weights: Float64Array): number => {
  let sum = 0
  for (let at = 0; at < weights.length; at++) sum += (row[at] ?? 0) * (weights[at] ?? 0)
  return 1 / (1 + Math.exp(-sum))
}
