import usearch from 'usearch'

/** Means of groups, searched exactly. Rows are numbered by who holds them. */
export interface Centres {
  /** Writes a group's mean, `sum` over `count`. */
  put(row: number, sum: Float32Array, count: number): void
  /** The rows that are most like the vector, best first; similarity is the dot product. */
  nearest(vector: Float32Array, most: number): readonly { readonly row: number; readonly likeness: number }[]
}

/** Room grows by doubling, so that adding one by one stays cheap. */
export const createCentres = (dimensions: number): Centres => {
  let values = new Float32Array(64 * dimensions)
  let rows = 0
  const makeRoom = (row: number): void => {
    rows = Math.max(rows, row + 1)
    if (rows * dimensions <= values.length) return
    const wider = new Float32Array(Math.max(rows * dimensions, values.length * 2))
    wider.set(values)
    values = wider
  }
  return {
    put: (row, sum, count) => {
      makeRoom(row)
      for (let at = 0; at < dimensions; at++)
        values[row * dimensions + at] = count === 0 ? 0 : (sum[at] ?? 0) / count
    },
    nearest: (vector, most) => {
      if (rows === 0) return []
      const known = values.subarray(0, rows * dimensions)
      const found = usearch.exactSearch(
        known,
        vector,
        dimensions,
        Math.min(most, rows),
        usearch.MetricKind.IP,
        1,
      )
      const { keys, distances } = found as { readonly keys: BigUint64Array; readonly distances: Float32Array }
      return Array.from(keys, (key, at) => ({ row: Number(key), likeness: 1 - (distances[at] ?? 1) }))
    },
  }
}
