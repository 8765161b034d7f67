import { dot, sumOf } from './vectors.ts'

/** Items by how much they are like all of them together, the most central first. */
export const byCentrality = <Item extends { readonly vector: Float32Array }>(
  items: readonly Item[],
): readonly Item[] => {
  const dimensions = items[0]?.vector.length ?? 0
  const sum = sumOf(
    items.map(({ vector }) => vector),
    dimensions,
  )
  return items
    .map((item) => ({ item, rank: dot(item.vector, sum) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ item }) => item)
}
