import { describe, expect, it } from 'vitest'
import type { SamplingAmount, SamplingRule } from '../../src/core/review-sampling.ts'
import { createSampler, duePeriods, periodOf } from '../../src/quality/sampling.ts'

const since = new Date('2026-11-25T04:00:00Z')
const rule = (amount: SamplingAmount, waitDays = 0): SamplingRule => ({
  ...{ id: 'r', name: 'r', subject: 'ticket', when: {}, amount, formId: 'f', reviewers: {}, dueDays: 7 },
  ...{ waitDays, doubleShare: 0, enabled: true, since, createdAt: since, updatedAt: since, version: 1 },
})
const days = (periods: readonly { readonly from: Date; readonly to: Date }[]) =>
  periods.map(({ from, to }) => [from.toISOString(), to.toISOString()])
const due = (one: SamplingRule, now: string, drawnUntil?: Date) =>
  days(duePeriods(one, { drawnUntil, now: new Date(now), timeZone: 'Asia/Shanghai' }))

describe('the periods of a rule', () => {
  it('are days for a share and weeks from Monday for a number, by the clock on the wall', () => {
    const at = new Date('2026-11-27T04:00:00Z')
    expect(days([periodOf(rule({ share: 0.1 }), at, 'Asia/Shanghai')])).toEqual([
      ['2026-11-26T16:00:00.000Z', '2026-11-27T16:00:00.000Z'],
    ])
    expect(days([periodOf(rule({ perWeek: 1 }), at, 'Asia/Shanghai')])).toEqual([
      ['2026-11-22T16:00:00.000Z', '2026-11-29T16:00:00.000Z'],
    ])
    // The clocks go back on this Sunday: 25 hours.
    const autumn = periodOf(rule({ share: 0.1 }), new Date('2026-10-25T12:00:00Z'), 'Europe/Berlin')
    expect(days([autumn])).toEqual([['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']])
  })

  it('are drawn from once they are over and the wait is, from when the rule was switched on', () => {
    const share = rule({ share: 0.1 })
    expect(due(share, '2026-11-25T15:59:00Z')).toEqual([])
    expect(due(share, '2026-11-25T16:00:00Z')).toHaveLength(1)
    expect(due(share, '2026-11-28T16:00:00Z')).toHaveLength(4)
    expect(due(share, '2026-11-28T16:00:00Z', new Date('2026-11-27T16:00:00Z'))).toEqual([
      ['2026-11-27T16:00:00.000Z', '2026-11-28T16:00:00.000Z'],
    ])
    expect(due(rule({ share: 0.1 }, 2), '2026-11-27T15:59:00Z')).toEqual([])
    expect(due(rule({ perWeek: 2 }), '2026-11-29T16:00:00Z')).toHaveLength(1)
  })

  it('go back two months at most', () => {
    expect(due(rule({ share: 0.1 }), '2027-11-25T16:00:00Z')).toHaveLength(60)
  })
})

describe('drawing', () => {
  it('goes on to the other rules when one cannot be drawn by, and says so', async () => {
    const drawn: string[] = []
    const draw = createSampler({
      rules: { list: () => Promise.resolve(['bad', 'good'].map((id) => ({ ...rule({ share: 1 }), id }))) },
      store: {
        drawnUntil: () => Promise.resolve(undefined),
        draw: ({ id }) => {
          if (id === 'bad') return Promise.reject(new Error('statement timeout'))
          drawn.push(id)
          return Promise.resolve(undefined)
        },
      },
      clock: { now: () => new Date('2026-11-25T16:00:00Z') },
      ...{ timeZone: 'Asia/Shanghai', newSeed: () => 'seed' },
    })
    await expect(draw(new AbortController().signal)).rejects.toThrow('could not be drawn by 1 rules')
    expect(drawn).toEqual(['good'])
  })
})
