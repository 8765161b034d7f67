import { describe, expect, it } from 'vitest'
import { createBatcher } from '../../src/core/batcher.ts'

/** A run that records its batches and doubles numbers; odd ones out fail the whole run. */
const createRun = () => {
  const batches: number[][] = []
  const run = (items: readonly number[]): Promise<number[]> => {
    batches.push([...items])
    return items.includes(13)
      ? Promise.reject(new Error('thirteen'))
      : Promise.resolve(items.map((item) => item * 2))
  }
  return { batches, run }
}

describe('a batcher', () => {
  it('shares one run between calls of the same moment and answers each its own', async () => {
    const { batches, run } = createRun()
    const double = createBatcher(run, { maxItems: 10 })
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
    expect(batches).toEqual([[1, 2, 3]])
  })

  it('keeps runs within their size', async () => {
    const { batches, run } = createRun()
    const double = createBatcher(run, { maxItems: 2 })
    expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
    expect(batches).toEqual([[1, 2], [3, 4], [5]])
  })

  it('gathers what comes during a run into the next', async () => {
    const { batches, run } = createRun()
    let release = (): void => undefined
    const blocked = new Promise<void>((resolve) => (release = resolve))
    const double = createBatcher(
      async (items: readonly number[]) => {
        const results = await run(items)
        await blocked
        return results
      },
      { maxItems: 10 },
    )
    const first = double(1)
    await expect.poll(() => batches).toHaveLength(1)
    const others = [double(2), double(3)]
    release()
    expect(await Promise.all([first, ...others])).toEqual([2, 4, 6])
    expect(batches).toEqual([[1], [2, 3]])
  })

  it('lets one bad item fail alone', async () => {
    const double = createBatcher(createRun().run, { maxItems: 10 })
    const results = await Promise.allSettled([1, 13, 3].map(double))
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
      2,
      'failed',
      6,
    ])
  })
})
