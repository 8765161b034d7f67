import { describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import type { ReviewCount } from '../../src/core/review-numbers.ts'
import { agreements, kappaOf } from '../../src/quality/kappa.ts'
import { createReviewNumbering, resultOf } from '../../src/quality/numbers.ts'

type Pairs = readonly { readonly first: number; readonly second: number }[]

/** Cohen's weighted kappa by its definition: a table of both reviewers' answers. */
const kappaByTable = (pairs: Pairs, categories: number): number => {
  const share = (test: (pair: Pairs[number]) => boolean): number => pairs.filter(test).length / pairs.length
  let [observed, expected] = [0, 0]
  for (let row = 0; row < categories; row += 1)
    for (let column = 0; column < categories; column += 1) {
      const weight = (row - column) ** 2 / (categories - 1) ** 2
      observed += weight * share(({ first, second }) => first === row && second === column)
      expected += weight * share(({ first }) => first === row) * share(({ second }) => second === column)
    }
  return 1 - observed / expected
}

describe('kappa', () => {
  it('is what its definition says, on a scale and on yes and no', () => {
    let state = 11
    const next = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    for (const categories of [2, 6])
      for (let round = 0; round < 200; round += 1) {
        const pairs = Array.from({ length: 5 + next(30) }, () => ({
          first: next(categories),
          second: next(categories),
        }))
        const byTable = kappaByTable(pairs, categories)
        if (Number.isFinite(byTable)) expect(kappaOf(pairs)).toBeCloseTo(byTable, 9)
        else expect(kappaOf(pairs)).toBeUndefined()
      }
  })

  it('is one when all agree, and untold where there are few pairs or only one answer', () => {
    const facts = { formId: 'f', criterionId: 'tone', kind: 'scale' } as const
    const pairs = (values: readonly number[]) =>
      values.map((value) => ({ ...facts, first: value, second: value }))
    expect(agreements(pairs([1, 2, 3, 4, 5]))).toEqual([
      { formId: 'f', criterionId: 'tone', pairs: 5, same: 1, kappa: 1 },
    ])
    expect(agreements(pairs([1, 2, 3, 4]))[0]).not.toHaveProperty('kappa')
    expect(agreements(pairs([4, 4, 4, 4, 4]))[0]).not.toHaveProperty('kappa')
  })
})

describe('a number', () => {
  const count = (values: readonly number[]): ReviewCount => {
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length
    const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0)
    return { key: 'li', count: values.length, mean, squares, failed: 0, wrong: 0 }
  }
  const team = { ofOneAgent: false, most: 100, bot: false }

  it('has a t interval, within the scale, and none below five', () => {
    // t(0.975, 4) = 2.776445; s = √250, n = 5.
    const { mean } = resultOf(count([60, 70, 80, 90, 100]), team)
    expect(mean?.value).toBe(80)
    expect(mean?.low).toBeCloseTo(80 - 2.776445 * Math.sqrt(250 / 5), 1)
    expect(mean?.high).toBeCloseTo(80 + 2.776445 * Math.sqrt(250 / 5), 1)
    expect(resultOf(count([100, 100, 100, 100, 0]), team).mean?.high).toBe(100)
    expect(resultOf(count([60, 100]), team)).toMatchObject({ reviews: 2, mean: { value: 80 } })
    expect(resultOf(count([60, 100]), team).mean).not.toHaveProperty('low')
  })

  it('of one agent is not told of fewer than five', () => {
    expect(resultOf(count([60, 100]), { ...team, ofOneAgent: true })).toEqual({ key: 'li', reviews: 2 })
  })

  it('is asked for by months that have begun, in their order, and what belongs together', async () => {
    const now = new Date('2026-11-27T04:00:00Z')
    const numbering = createReviewNumbering({
      counting: {
        count: () => Promise.resolve([]),
        pairs: () => Promise.resolve([]),
        doubled: () => Promise.reject(new Error('not asked for')),
      },
      ...{ timeZone: 'Asia/Shanghai', clock: createMovableClock({ now: () => now }) },
    })
    const told = await numbering.numbers({ from: '2026-10', to: '2026-11', by: 'all' })
    expect([told.from.toISOString(), told.to.toISOString()]).toEqual([
      ...['2026-09-30T16:00:00.000Z', '2026-11-30T16:00:00.000Z'],
    ])
    await expect(numbering.numbers({ from: '2026-12', to: '2026-12', by: 'all' })).rejects.toThrow(
      'not begun',
    )
    await expect(numbering.numbers({ from: '2026-11', to: '2026-10', by: 'all' })).rejects.toThrow(
      'before the first',
    )
    await expect(numbering.numbers({ from: '2020-01', to: '2026-10', by: 'all' })).rejects.toThrow(
      '24 months',
    )
    await expect(numbering.numbers({ from: '2026-11', to: '2026-11', by: 'criterion' })).rejects.toThrow(
      'name it with form',
    )
    await expect(numbering.numbers({ from: '2026-11', to: '2026-11', by: 'band' })).rejects.toThrow(
      'subject=bot-answer',
    )
  })
})
