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
