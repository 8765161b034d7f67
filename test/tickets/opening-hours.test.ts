import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOpen, nextOpening, promisedTimes, ticketsConfig } from '../../src/tickets/index.ts'

const policy = ticketsConfig.parse({})
const at = (text: string): Date => new Date(`${text}+08:00`)

describe('opening hours', () => {
  it.each([
    ['2026-11-24T09:59:59', false],
    ['2026-11-24T10:00:00', true],
    ['2026-11-24T17:59:59', true],
    ['2026-11-24T18:00:00', false],
    ['2026-11-24T00:00:00', false],
    // No holiday calendar yet: Sundays and New Year are days like any other.
    ['2026-11-29T12:00:00', true],
    ['2027-01-01T12:00:00', true],
  ])('at %s in Shanghai: %s', (moment, open) => expect(isOpen(at(moment), policy)).toBe(open))

  it.each([
    ['2026-11-24T03:00:00', '2026-11-24T10:00:00'],
    ['2026-11-24T12:34:56', '2026-11-24T12:34:56'],
    ['2026-11-24T18:00:00', '2026-11-25T10:00:00'],
    ['2026-12-31T23:30:00', '2027-01-01T10:00:00'],
    ['2028-02-28T20:00:00', '2028-02-29T10:00:00'],
  ])('after %s opens next at %s', (moment, opens) =>
    expect(nextOpening(at(moment), policy)).toEqual(at(opens)),
  )

  it('does not depend on the machine’s zone and survives a change of clocks', () => {
    const london = ticketsConfig.parse({ timezone: 'Europe/London' })
    expect(nextOpening(new Date('2027-03-27T20:00:00Z'), london)).toEqual(new Date('2027-03-28T09:00:00Z'))
    expect(nextOpening(new Date('2026-10-24T20:00:00Z'), london)).toEqual(new Date('2026-10-25T10:00:00Z'))
  })

  it('always opens within a day, at a moment that is open', () => {
    const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, (now) => {
        const next = nextOpening(now, policy)
        expect(isOpen(next, policy)).toBe(true)
        expect(next.getTime() - now.getTime()).toBeGreaterThanOrEqual(0)
        expect(next.getTime() - now.getTime()).toBeLessThan(16.1 * 3_600_000)
      }),
    )
  })
})

describe('promised times', () => {
  const now = at('2026-11-24T10:00:00')

  it.each([
    ['normal', '2026-11-25T10:00:00', '2026-11-27T10:00:00'],
    ['high', '2026-11-24T18:00:00', '2026-11-27T10:00:00'],
    ['urgent', '2026-11-24T12:00:00', '2026-11-25T10:00:00'],
  ] as const)('%s', (priority, reply, resolution) =>
    expect(promisedTimes(priority, now, policy)).toEqual({
      firstReplyDueAt: at(reply),
      resolutionDueAt: at(resolution),
    }),
  )

  it.each([
    { firstReplyHours: 0 },
    { urgentFirstReplyHours: 30 },
    { highFirstReplyHours: 1 },
    { timezone: 'Nowhere' },
    { openingHours: { opens: '18:00', closes: '10:00' } },
    { openingHours: { opens: '9:00' } },
    { unknown: 1 },
  ])('refuses the configuration %j', (wrong) => expect(ticketsConfig.safeParse(wrong).success).toBe(false))
})
