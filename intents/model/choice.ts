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

/** Fills the lower half of a symmetric matrix from its upper half. */
const mirror = (matrix: Float64Array, size: number): void => {
  for (let row = 1; row < size; row++)
    for (let column = 0; column < row; column++)
      matrix[row * size + column] = matrix[column * size + row] ?? 0
}

/** Solves `matrix · x = vector` for a symmetric positive matrix, of which the upper half is given, by elimination in place. */
const solve = (matrix: Float64Array, vector: Float64Array): Float64Array => {
  const size = vector.length
  mirror(matrix, size)
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
  /** Symmetric; only the upper half is filled. */
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
      for (let column = row; column < size; column++) {
        const place = row * size + column
        curvature[place] = (curvature[place] ?? 0) + first * (rows[one * size + column] ?? 0)
      }
    }
  }
  for (let row = 0; row < size; row++) {
    for (let column = row; column < size; column++) {
      const place = row * size + column
      curvature[place] = (curvature[place] ?? 0) - weight * (mean[row] ?? 0) * (mean[column] ?? 0)
    }
  }
}

/** How likely what was right is under `weights`, less the pull towards zero; as a logarithm. */
const likelihoodOf = async (
  choices: readonly Choice[],
  weights: Float64Array,
  breath: Breath,
): Promise<number> => {
  let sum = (-ridge / 2) * weights.reduce((total, weight) => total + weight * weight, 0)
  for (const { rows, chosen, weight } of choices) {
    sum += weight * Math.log(Math.max(chances(rows, weights)[chosen] ?? 0, Number.MIN_VALUE))
    if (breath.due()) await breath.pause()
  }
  return sum
}

const slopeAt = async (choices: readonly Choice[], weights: Float64Array, breath: Breath): Promise<Slope> => {
  const size = weights.length
  const gradient = Float64Array.from(weights, (weight) => -ridge * weight)
  const curvature = new Float64Array(size * size)
  for (let at = 0; at < size; at++) curvature[at * size + at] = ridge
  for (const choice of choices) {
    addSlope(choice, weights, { gradient, curvature })
    if (breath.due()) await breath.pause()
  }
  return { gradient, curvature }
}

/** A gain per choice below this is none. */
const leastGain = 1e-7
/** Steps shorter than this share of Newton's are not tried. */
const shortestStep = 1 / 1024

/**
 * Finds the weights that make what was right most likely (conditional logit, Newton's method with a ridge, each step
 * halved until it gains: a whole one may overshoot for good where little was written).
 * With two alternatives, one of them all zeros, this is logistic regression. `size` numbers describe an alternative.
 */
export const fitChoices = async (
  choices: readonly Choice[],
  size: number,
  breath: Breath,
): Promise<Float64Array> => {
  let weights = new Float64Array(size)
  let likelihood = await likelihoodOf(choices, weights, breath)
  for (let round = 0; round < rounds; round++) {
    const { gradient, curvature } = await slopeAt(choices, weights, breath)
    const move = solve(curvature, gradient)
    const before = likelihood
    for (let share = 1; share >= shortestStep; share /= 2) {
      const next = weights.map((weight, at) => weight + share * (move[at] ?? 0))
      const found = await likelihoodOf(choices, next, breath)
      if (found <= before) continue
      weights = next
      likelihood = found
      break
    }
    if (likelihood - before <= leastGain * choices.length) break
  }
  return weights
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
