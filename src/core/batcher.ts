/** Settings of a batcher. */
export interface BatcherOptions {
  /** Most items of one run. */
  readonly maxItems: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets calls that arrive while a run is under way share the next one: a lone call is not delayed, many at once cost
 * one transaction. `run` answers in the order of its items. When a shared run fails, each item is tried alone, so
 * that one bad item cannot take others with it.
 */
export const createBatcher = <Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxItems }: BatcherOptions,
): ((item: Item) => Promise<Result>) => {
  let queue: Waiting<Item, Result>[] = []
  let busy = false

  const alone = async ({ item, resolve, reject }: Waiting<Item, Result>): Promise<void> => {
    try {
      const [result] = await run([item])
      if (result === undefined) throw new Error('a batch gave no result')
      resolve(result)
    } catch (error) {
      reject(error)
    }
  }

  const together = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await run(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, place) => {
        const result = results[place]
        if (result === undefined) reject(new Error('a batch gave too few results'))
        else resolve(result)
      })
    } catch {
      await Promise.all(batch.map(alone))
    }
  }

  const drain = async (): Promise<void> => {
    busy = true
    while (queue.length > 0) {
      const batch = queue.slice(0, maxItems)
      queue = queue.slice(maxItems)
      await (batch.length === 1 ? Promise.all(batch.map(alone)) : together(batch))
    }
    busy = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      // One turn of the event loop later, so that calls of the same moment meet.
      if (!busy) {
        busy = true
        setImmediate(() => void drain())
      }
    })
}
