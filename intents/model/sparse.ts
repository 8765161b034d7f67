import { dotProduct } from './dense.ts'
import type { Matrix } from './linear.ts'
import type { Vector } from './vocabulary.ts'

/** A matrix of which only weights that matter are kept, row after row. */
export interface SparseMatrix {
  readonly classes: number
  /** Where each row starts; one longer than there are rows. */
  readonly starts: Int32Array
  readonly columns: Uint16Array
  readonly values: Float32Array
  /** Weights of the encoder's vector, class after class; empty: none. */
  readonly meaning: Float32Array
}

const negligible = 1e-3

/** Keeps what matters: within a topic most features never met most articles. */
export const compress = ({ classes, values, meaning }: Matrix): SparseMatrix => {
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
  return { classes, starts, columns: Uint16Array.from(columns), values: Float32Array.from(kept), meaning }
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

/**
 * Scores by words and meaning together. Of hundreds of classes a reader asks for those of a few topics: the others'
 * meaning is never compared.
 */
export const scoreJoint = (matrix: SparseMatrix, words: Vector, meaning: Float32Array): ScoreOf => {
  const byWords = new Float32Array(matrix.classes)
  scoreSparse(matrix, words, byWords)
  return (one) => (byWords[one] ?? 0) + dotProduct(meaning, matrix.meaning, one * meaning.length)
}
