import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'

const faultsOf = (promises: unknown, more: Record<string, unknown> = {}) => {
  const parsed = parseConfig({ promises, ...more })
  return 'faults' in parsed ? parsed.faults.map(({ key, expected }) => `${key}: ${expected}`) : []
}
const terms = { firstReplyHours: 1, nextReplyHours: 1, resolutionHours: 2 }

describe('what is promised', () => {
  it('is 24 hours, 8 for high priority and 2 when urgent, unless it is configured', () => {
    const parsed = parseConfig({})
    const { policies, otherwise } = 'config' in parsed ? parsed.config.promises : expect.fail()
    expect(otherwise).toMatchObject({ firstReplyHours: 24, nextReplyHours: 24, resolutionHours: 72 })
    expect(policies.map(({ name, firstReplyHours }) => [name, firstReplyHours])).toEqual([
      ['urgent', 2],
      ['high', 8],
    ])
  })

  it.each([
    ['a calendar that is not there', { otherwise: { calendar: 'moon' } }, /calendar: .*hotline, office/],
    ['people of no calendar', { peopleCalendar: 'moon' }, /promises\.peopleCalendar: .*hotline, office/],
    [
      'an end before the first reply',
      { policies: [{ name: 'a', ...terms, resolutionHours: 0.5 }] },
      /resolutionHours: must not be shorter/,
    ],
    [
      'two policies of one name',
      {
        policies: [
          { name: 'a', ...terms },
          { name: 'a', ...terms },
        ],
      },
      /policies: must have different names/,
    ],
    [
      'a robot that is not there',
      { warn: { robots: ['ops'] } },
      /warn\.robots: names of robots; there is none called ops/,
    ],
    [
      'a chain out of order',
      { chain: [{ afterMinutes: 5 }, { afterMinutes: 5 }] },
      /chain: must be in order/,
    ],
    ['no time at all', { otherwise: { firstReplyHours: 0 } }, /firstReplyHours/],
    [
      'a robot on a private address',
      { robots: { ops: { kind: 'wecom', url: 'https://10.0.0.8/send?key=k' } } },
      /robots\.ops\.url: /,
    ],
  ])('is refused with the key and what to write: %s', (_name, promises, fault) => {
    expect(faultsOf(promises).join('\n')).toMatch(fault)
  })

  it('names the new place of what moved', () => {
    const parsed = parseConfig({ tickets: { firstReplyHours: 12 }, dialogue: { hotlineHours: {} } })
    const faults = 'faults' in parsed ? parsed.faults : expect.fail()
    expect(faults.map(({ expected }) => expected).join('\n')).toMatch(
      /calendars\.hotline\.hours[^]*promises\.otherwise\.firstReplyHours/,
    )
  })

  it('never shows the address of a robot', () => {
    const secret = 'https://qyapi.weixin.qq.com:1x/send?key=693axxx6-7aoc-4bc4'
    expect(faultsOf({ robots: { ops: { kind: 'wecom', url: secret } } }).join('')).not.toContain('693axxx6')
  })
})
