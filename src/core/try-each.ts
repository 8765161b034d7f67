/** One of several things that could not be done. */
export interface Failed<Item> {
  readonly item: Item
  readonly error: unknown
}

/** Does something with each in turn; one that fails holds no other up. Gives those that failed, and why. */
export const tryEach = async <Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<readonly Failed<Item>[]> => {
  const failed: Failed<Item>[] = []
  for (const item of items)
    try {
      await work(item)
    } catch (error) {
      failed.push({ item, error })
    }
  return failed
}

/** Throws what tells of failures, with the first as its cause; nothing where there are none. */
export const throwFailed = (failed: readonly Failed<unknown>[], says: (count: number) => string): void => {
  const [first] = failed
  if (first !== undefined) throw new Error(says(failed.length), { cause: first.error })
}
