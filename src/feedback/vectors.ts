/** Sum of products. */
export const dot = (one: Float32Array, other: Float32Array): number => {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0)
  return sum
}

/** into += vector × factor. */
export const addTo = (into: Float32Array, vector: Float32Array, factor = 1): void => {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) + (vector[at] ?? 0) * factor
}

/** Scales to length 1, in place; nothing stays nothing. */
export const toUnit = (vector: Float32Array): Float32Array => {
  const length = Math.sqrt(dot(vector, vector))
  if (length > 0) for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length
  return vector
}

export const sumOf = (vectors: readonly Float32Array[], dimensions: number): Float32Array => {
  const sum = new Float32Array(dimensions)
  for (const vector of vectors) addTo(sum, vector)
  return sum
}

/** Mean similarity of all pairs of two groups: what average linkage compares. */
export const likeness = (
  one: { readonly sum: Float32Array; readonly count: number },
  other: { readonly sum: Float32Array; readonly count: number },
): number => dot(one.sum, other.sum) / Math.max(1, one.count * other.count)
