import { createHash } from 'node:crypto'

/** A number in [0, 1) that depends on the text and the seed alone: the same split on every machine. */
export const placeOf = (text: string, seed: string): number =>
  createHash('sha256').update(`${seed}\n${text}`).digest().readUInt32BE(0) / 2 ** 32

/** The items in an order that depends on their texts and the seed alone. */
export const shuffled = <Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
  seed: string,
): readonly Item[] =>
  items
    .map((item) => ({ item, place: placeOf(textOf(item), seed) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)

/** The items by what `keyOf` says, in their order. */
export const groupBy = <Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> => {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? []
    groups.set(keyOf(item), group)
    group.push(item)
  }
  return groups
}
