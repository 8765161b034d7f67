import { dot, toUnit } from './vectors.ts'

/**
 * How vectors are turned before they are compared: directions in which wordings of one and the same matter differ count
 * less. Plain data, to be kept: themes only make sense in the space that they were made in.
 */
export interface Space {
  readonly dimensions: number
  readonly mean: Float32Array
  /** Lower triangular factor of the scatter within groups, row after row. */
  readonly factor: Float32Array
}

export type EnterSpace = (vector: Float32Array) => Float32Array

/** How far the scatter is pulled towards a ball: little is known of most directions. */
const roundness = 0.3

const meanOf = (vectors: readonly Float32Array[], dimensions: number): Float32Array => {
  const mean = new Float32Array(dimensions)
  for (const vector of vectors)
    for (let at = 0; at < dimensions; at++) mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length
  return mean
}

/** Adds the lower half of the outer product of a difference with itself. */
const addScatter = (into: Float64Array, difference: Float64Array): void => {
  const size = difference.length
  for (let row = 0; row < size; row++) {
    const own = difference[row] ?? 0
    for (let column = 0; column <= row; column++) {
      const place = row * size + column
      into[place] = (into[place] ?? 0) + own * (difference[column] ?? 0)
    }
  }
}

/** Scatter within groups, scaled to a mean variance of 1 and made rounder. */
const scatterOf = (groups: readonly (readonly Float32Array[])[], dimensions: number): Float64Array => {
  const scatter = new Float64Array(dimensions * dimensions)
  for (const group of groups) {
    const mean = meanOf(group, dimensions)
    for (const vector of group)
      addScatter(
        scatter,
        Float64Array.from(vector, (value, at) => value - (mean[at] ?? 0)),
      )
  }
  let trace = 0
  for (let at = 0; at < dimensions; at++) trace += scatter[at * dimensions + at] ?? 0
  const scale = trace > 0 ? dimensions / trace : 0
  for (let at = 0; at < scatter.length; at++) scatter[at] = (scatter[at] ?? 0) * scale
  for (let at = 0; at < dimensions; at++)
    scatter[at * dimensions + at] = (scatter[at * dimensions + at] ?? 0) + roundness
  return scatter
}

/** Cholesky's factor of a symmetric positive matrix of which the lower half is given; zeros above. */
const factorOf = (matrix: Float64Array, size: number): Float32Array => {
  const factor = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0
      for (let at = 0; at < column; at++)
        sum -= (factor[row * size + at] ?? 0) * (factor[column * size + at] ?? 0)
      factor[row * size + column] =
        row === column
          ? Math.sqrt(Math.max(sum, Number.EPSILON))
          : sum / (factor[column * size + column] ?? 1)
    }
  }
  return Float32Array.from(factor)
}

/**
 * Learns a space from groups of vectors that mean the same within a group, such as the wordings of each article.
 * Without groups it leaves directions as they are.
 */
export const learnSpace = (groups: readonly (readonly Float32Array[])[], dimensions: number): Space => ({
  dimensions,
  mean: meanOf(groups.flat(), dimensions),
  factor: factorOf(scatterOf(groups, dimensions), dimensions),
})

/** Turns vectors into unit vectors of the space. */
export const enterSpace =
  ({ dimensions, mean, factor }: Space): EnterSpace =>
  (vector) => {
    const turned = new Float32Array(dimensions)
    for (let row = 0; row < dimensions; row++) {
      const known = dot(factor.subarray(row * dimensions, row * dimensions + row), turned)
      const own = (vector[row] ?? 0) - (mean[row] ?? 0) - known
      turned[row] = own / (factor[row * dimensions + row] ?? 1)
    }
    return toUnit(turned)
  }
