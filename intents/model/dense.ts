/** Sum of the products of `vector` and the numbers of `values` from `from` on. */
export const dotProduct = (vector: Float32Array, values: Float32Array, from: number): number => {
  // Four sums side by side: one alone would wait for itself at every step.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at + 3 < vector.length; at += 4) {
    a += (vector[at] ?? 0) * (values[from + at] ?? 0)
    b += (vector[at + 1] ?? 0) * (values[from + at + 1] ?? 0)
    c += (vector[at + 2] ?? 0) * (values[from + at + 2] ?? 0)
    d += (vector[at + 3] ?? 0) * (values[from + at + 3] ?? 0)
  }
  for (; at < vector.length; at++) a += (vector[at] ?? 0) * (values[from + at] ?? 0)
  return a + b + (c + d)
}

/** Adds `vector` times `amount` to the numbers of `values` from `from` on. */
export const addScaled = (vector: Float32Array, amount: number, values: Float32Array, from: number): void => {
  for (let at = 0; at < vector.length; at++)
    values[from + at] = (values[from + at] ?? 0) + amount * (vector[at] ?? 0)
}
