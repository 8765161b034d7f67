import { describe, expect, it } from 'vitest'
import { shareOf } from '../../src/core/estimate.ts'
import { meanOf } from '../../src/surveys/estimate.ts'
import { resultsCsv } from '../../src/surveys/index.ts'
import { resultOf } from '../../src/surveys/results.ts'

describe('results', () => {
  it('have Wilson intervals for shares', () => {
    const share = shareOf(8, 10)
    expect(share?.value).toBe(0.8)
    expect(share?.low).toBeCloseTo(0.4902, 4)
    expect(share?.high).toBeCloseTo(0.9433, 4)
    expect(shareOf(5, 5)?.high).toBe(1)
    expect(shareOf(0, 0)).toBeUndefined()
  })

  it('have t intervals for means, which end with the scale', () => {
    // 4, 5, 5, 3, 4: t(4) = 2.7764, s = 0.8367.
    const mean = meanOf([0, 0, 1, 2, 2])
    expect(mean?.value).toBeCloseTo(4.2, 10)
    expect(mean?.low).toBeCloseTo(4.2 - 1.0389, 2)
    expect(mean?.high).toBe(5)
  })

  it('have no interval of a mean where everybody said the same', () => {
    expect(meanOf([0, 0, 0, 0, 6])).toEqual({ value: 5 })
  })

  it('count 4 and 5 as satisfied, and nothing below', () => {
    const { satisfied } = resultOf({ asked: 10, scores: [1, 1, 4, 1, 1] }, false)
    expect(satisfied?.value).toBe(0.25)
  })

  it('tell no interval of fewer than five answers, and of one agent no score at all', () => {
    const count = { key: 'li', name: '李然', asked: 8, scores: [0, 0, 0, 1, 3] }
    const team = resultOf(count, false)
    expect(team.mean).toEqual({ value: 4.75 })
    const agent = resultOf(count, true)
    expect([agent.mean, agent.satisfied, agent.scores]).toEqual([undefined, undefined, []])
    expect(agent.responseRate?.value).toBe(0.5)
  })

  it('are a table in which no cell is a formula', () => {
    const group = resultOf({ key: '=cmd', name: 'a,b', asked: 10, scores: [0, 1, 1, 4, 4] }, false)
    const csv = resultsCsv({ month: '2026-11', timeZone: 'Asia/Shanghai', by: 'team', groups: [group] }, 'en')
    expect(csv).toContain('key,name,asked')
    expect(csv).toContain('\'=cmd,"a,b",10,10,1,')
  })
})
