import type { Matrix } from './linear.ts'
import type { Vector } from './vocabulary.ts'

/** A matrix of which only weights that matter are kept, row after row. */
export interface SparseMatrix {
  readonly classes: number
  /** Where each row starts; one longer than there are rows. */
  readonly starts: Int32Array
  readonly columns: Uint16Array
  readonly values: Float32Array
}

const negligible = 1e-3

/** Keeps what matters: within a topic most features never met most articles. */
export const compress = ({ classes, values }: Matrix): SparseMatrix => {
  const rows = classes === 0 ? 0 : values.length / classes
  const starts = new Int32Array(rows + 1)
  const columns: number[] = []
  const kept: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let one = 0; one < classes; one++) {
      const value = values[row * classes + one] ?? 0
      if (Math.abs(value) < negligible) continue
      columns.push(one)
      kept.push(value)
    }
    starts[row + 1] = columns.length
  }
  return { classes, starts, columns: Uint16Array.from(columns), values: Float32Array.from(kept) }
}

/** Scores of all classes for `vector` into `out`. */
export const scoreSparse = (
  { starts, columns, values }: SparseMatrix,
  { at, value }: Vector,
  out: Float32Array,
): void => {
  out.fill(0)
  for (let index = 0; index < at.length; index++) {
    const row = at[index] ?? 0
    const amount = value[index] ?? 0
    for (let place = starts[row] ?? 0; place < (starts[row + 1] ?? 0); place++) {
      const one = columns[place] ?? 0
      out[one] = (out[one] ?? 0) + amount * (values[place] ?? 0)
    }
  }
}

/** Score of one class; worked out when it is asked for. */
export type ScoreOf = (one: number) => number

/** Sum of the products of `first` and the numbers of `second` from `from` on. */
const product = (first: Float32Array, second: Float32Array, from: number): number => {
  // Four sums side by side: one alone would wait for itself at every step.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at + 3 < first.length; at += 4) {
    a += (first[at] ?? 0) * (second[from + at] ?? 0)
    b += (first[at + 1] ?? 0) * (second[from + at + 1] ?? 0)
    c += (first[at + 2] ?? 0) * (second[from + at + 2] ?? 0)
    d += (first[at + 3] ?? 0) * (second[from + at + 3] ?? 0)
  }
  for (; at < first.length; at++) a += (first[at] ?? 0) * (second[from + at] ?? 0)
  return a + b + (c + d)
}

/**
 * Builds the scorer by words and meaning together; the last `dimensions` rows of the matrix belong to the meaning. They
 * are nearly full, and of hundreds of classes a reader asks for those of a few topics: the others are never compared.
 */
export const createJointScorer = (matrix: SparseMatrix, dimensions: number) => {
  const { classes, starts, columns, values } = matrix
  const width = starts.length - 1 - dimensions
  const ofClass = new Float32Array(classes * dimensions)
  for (let row = 0; row < dimensions; row++) {
    for (let at = starts[width + row] ?? 0; at < (starts[width + row + 1] ?? 0); at++)
      ofClass[(columns[at] ?? 0) * dimensions + row] = values[at] ?? 0
  }
  return (words: Vector, meaning: Float32Array): ScoreOf => {
    const byWords = new Float32Array(classes)
    scoreSparse(matrix, words, byWords)
    return (one) => (byWords[one] ?? 0) + product(meaning, ofClass, one * dimensions)
  }
}
