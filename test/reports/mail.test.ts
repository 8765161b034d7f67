import { describe, expect, it } from 'vitest'
import { reportsConfig } from '../../src/reports/config.ts'
import { spanOfMail } from '../../src/reports/mail-span.ts'
import { isSurge, quantileOf } from '../../src/reports/metrics.ts'

describe('the span of a mailed report', () => {
  // A Wednesday in Shanghai, still a Tuesday in London.
  const now = new Date('2026-03-03T17:00:00Z')

  it.each([
    ['yesterday', 'Asia/Shanghai', '2026-03-03', '2026-03-03'],
    ['yesterday', 'Europe/London', '2026-03-02', '2026-03-02'],
    ['last-week', 'Asia/Shanghai', '2026-02-23', '2026-03-01'],
    ['last-month', 'Asia/Shanghai', '2026-02-01', '2026-02-28'],
  ] as const)('%s in %s', (span, zone, from, to) => {
    expect(spanOfMail(span, zone, now)).toEqual({ from, to, zone, time: 'calendar' })
  })

  it('begins with the Monday before on a Monday', () => {
    const monday = new Date('2026-03-02T01:00:00Z')
    expect(spanOfMail('last-week', 'Asia/Shanghai', monday)).toMatchObject({
      ...{ from: '2026-02-23', to: '2026-03-01' },
    })
  })
})

describe('the section reports of the configuration', () => {
  it('takes cron patterns and addresses, and no others', () => {
    const parse = (mail: object) => reportsConfig.safeParse({ mail: [mail] }).success
    expect(parse({ cron: '0 9 * * 1', to: ['lead@example.com'] })).toBe(true)
    expect(parse({ cron: 'every day', to: ['lead@example.com'] })).toBe(false)
    expect(parse({ cron: '0 9 * * 1', to: ['lead'] })).toBe(false)
    expect(parse({ cron: '0 9 * * 1', to: [] })).toBe(false)
  })
})

describe('reckoning', () => {
  it('finds medians and nine tenths between values', () => {
    expect(quantileOf([], 0.5)).toBeUndefined()
    expect(quantileOf([4], 0.9)).toBe(4)
    expect(quantileOf([1, 2, 3, 10], 0.5)).toBe(2.5)
    expect(quantileOf([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 0.9)).toBe(9)
  })

  it('calls only what chance seldom does a surge', () => {
    expect(isSurge(4, 0)).toBe(false)
    expect(isSurge(5, 0)).toBe(true)
    expect(isSurge(12, 8)).toBe(false)
    expect(isSurge(30, 10)).toBe(true)
  })
})
