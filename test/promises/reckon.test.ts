import { describe, expect, it } from 'vitest'
import { buildCalendars, calendarsConfig } from '../../src/calendar/index.ts'
import type { Calendars } from '../../src/core/calendar.ts'
import type { PromiseCourse, PromiseFacts } from '../../src/core/promise.ts'
import { createPromiseTimes, createReckon, promisesConfig } from '../../src/promises/index.ts'

const all = buildCalendars(calendarsConfig.parse({}), [])
const calendars: Calendars = {
  get: (name) => all.find((calendar) => calendar.name === name) ?? expect.fail(`no calendar ${name}`),
  list: () => all,
}
/** A Monday, 10:00 in Shanghai. */
const start = new Date('2026-11-23T02:00:00Z')
const shanghai = (text: string): Date => new Date(`${text}:00+08:00`)
const after = (hours: number): Date => new Date(start.getTime() + hours * 3_600_000)
const facts: PromiseFacts = { kind: 'question', priority: 'normal', channel: 'web' }

type Line = PromiseCourse['history'][number]
const line = (hours: number, change: Line['change'], detail: Line['detail'] = {}): Line => ({
  at: after(hours),
  actor: change === 'contact-wrote' ? 'contact' : 'agent',
  change,
  detail: change === 'contact-wrote' ? { state: 'open' } : detail,
})
const replied = (hours: number, messageId = `m${String(hours)}`): Line =>
  line(hours, 'replied', { messageId })

const course = (history: readonly Line[], over: Partial<PromiseCourse> = {}): PromiseCourse => ({
  ticketId: 't',
  number: 1_001,
  facts,
  topic: 'vip-refund',
  state: 'open',
  version: 1,
  createdAt: start,
  updatedAt: start,
  firstReplyDueAt: after(24),
  resolutionDueAt: after(72),
  terms: [],
  history: [line(0, 'opened'), ...history],
  ...over,
})
const reckoned = (given: PromiseCourse, config: unknown = {}) =>
  createReckon(promisesConfig.parse(config), calendars)(given)

describe('a new ticket', () => {
  it('owes a first reply in 24 hours and an end in 72, urgent ones in 2 and 24', () => {
    expect(reckoned(course([]))).toMatchObject({
      firstReplyDueAt: after(24),
      resolutionDueAt: after(72),
      dueAt: after(24),
      dangerAt: after(18),
    })
    const urgent = { ...facts, priority: 'urgent' as const }
    expect(reckoned(course([], { facts: urgent }))).toMatchObject({
      firstReplyDueAt: after(2),
      resolutionDueAt: after(24),
    })
  })

  it('is promised the same before it is opened', () => {
    for (const priority of ['normal', 'high', 'urgent'] as const) {
      const given = { ...facts, priority }
      const times = createPromiseTimes(promisesConfig.parse({}), calendars)(given, start)
      const { firstReplyDueAt, resolutionDueAt } = reckoned(course([], { facts: given }))
      expect(times).toEqual({ firstReplyDueAt, resolutionDueAt })
    }
  })

  it('goes by the first policy that fits in every respect', () => {
    const terms = (hours: number) => ({
      firstReplyHours: hours,
      nextReplyHours: hours,
      resolutionHours: hours,
    })
    const config = {
      policies: [
        { name: 'vip-complaint', when: { kinds: ['complaint'], tiers: ['vip'] }, ...terms(1) },
        { name: 'complaint', when: { kinds: ['complaint', 'appeal'] }, ...terms(3) },
        { name: 'vip', when: { tiers: ['vip'] }, ...terms(4) },
        { name: 'weibo', when: { channels: ['weibo'] }, ...terms(5) },
      ],
      otherwise: terms(9),
    }
    const hours = (over: Partial<PromiseFacts>): number =>
      (reckoned(course([], { facts: { ...facts, ...over } }), config).firstReplyDueAt.getTime() -
        start.getTime()) /
      3_600_000
    expect(hours({ kind: 'complaint', tier: 'vip' })).toBe(1)
    expect(hours({ kind: 'complaint', tier: 'gold' })).toBe(3)
    expect(hours({ kind: 'question', tier: 'vip', channel: 'weibo' })).toBe(4)
    expect(hours({ channel: 'weibo' })).toBe(5)
    expect(hours({})).toBe(9)
  })

  it('may be owed in the open time of a calendar', () => {
    const config = {
      policies: [],
      otherwise: { firstReplyHours: 9, nextReplyHours: 9, resolutionHours: 18, calendar: 'office' },
    }
    // The office works from 09:00 to 18:00: eight hours are left of Monday, one of Tuesday.
    expect(reckoned(course([]), config)).toMatchObject({
      firstReplyDueAt: new Date('2026-11-24T02:00:00Z'),
      resolutionDueAt: new Date('2026-11-25T02:00:00Z'),
    })
  })

  it('is owed across public holidays and the Saturday that makes up for them', () => {
    const config = {
      policies: [],
      otherwise: { firstReplyHours: 9, nextReplyHours: 9, resolutionHours: 27, calendar: 'office' },
    }
    // Tuesday, 16:00: two hours are left before the National Day, 1 to 8 October; Saturday the 11th is worked.
    const before = { createdAt: shanghai('2025-09-30T16:00'), updatedAt: shanghai('2025-09-30T16:00') }
    const owed = {
      firstReplyDueAt: shanghai('2025-10-09T16:00'),
      resolutionDueAt: shanghai('2025-10-11T16:00'),
      open: [
        { name: 'first-reply', dangerAt: shanghai('2025-10-09T13:45') },
        { name: 'resolution', dangerAt: shanghai('2025-10-11T09:15') },
      ],
    }
    expect(reckoned(course([], before), config)).toMatchObject(owed)
    const waits = (at: string, change: 'held' | 'resumed'): Line => ({ ...line(0, change), at: shanghai(at) })
    // Who waits while it is closed anyhow loses nothing; two open hours are two hours.
    const idle = [waits('2025-09-30T18:00', 'held'), waits('2025-10-09T08:00', 'resumed')]
    expect(reckoned(course(idle, before), config)).toMatchObject(owed)
    const held = [waits('2025-10-01T12:00', 'held'), waits('2025-10-09T11:00', 'resumed')]
    expect(reckoned(course(held, before), config)).toMatchObject({
      firstReplyDueAt: shanghai('2025-10-09T18:00'),
      resolutionDueAt: shanghai('2025-10-11T18:00'),
    })
  })
})

describe('the clocks', () => {
  it('stand still while the ticket waits for somebody else', () => {
    const held = course([line(2, 'held')], { state: 'on_hold' })
    expect(reckoned(held)).toMatchObject({ pausedAt: after(2), open: [] })
    expect(reckoned(held)).not.toHaveProperty('dueAt')
    const resumed = course([line(2, 'held'), line(7, 'resumed')])
    expect(reckoned(resumed)).toMatchObject({ firstReplyDueAt: after(29), resolutionDueAt: after(77) })
    expect(reckoned(resumed)).not.toHaveProperty('pausedAt')
  })

  it('show what they stopped at', () => {
    const held = course([line(2, 'held')], {
      state: 'on_hold',
      firstReplyDueAt: after(30),
      resolutionDueAt: after(80),
    })
    expect(reckoned(held)).toMatchObject({ firstReplyDueAt: after(30), resolutionDueAt: after(80) })
  })

  it('go by what a line of history says the ticket turned, whatever its name', () => {
    const merged = course([line(3, 'changed', { state: 'pending' }), line(5, 'changed', { state: 'open' })])
    expect(reckoned(merged).firstReplyDueAt).toEqual(after(26))
  })

  it('end when the ticket is settled, and go on where it is taken up again', () => {
    const solved = course([replied(1), line(2, 'solved')], { state: 'solved', firstRepliedAt: after(1) })
    expect(reckoned(solved)).toMatchObject({ open: [] })
    expect(reckoned(solved)).not.toHaveProperty('dueAt')
    const again = course([replied(1), line(2, 'solved'), line(12, 'reopened')], { firstRepliedAt: after(1) })
    // One hour had run when the reply went out; it waited for the contact until it was solved, and then was.
    expect(reckoned(again).resolutionDueAt).toEqual(after(72 + 11))
  })
})

describe('the next reply', () => {
  const first = { firstRepliedAt: after(1) }

  it('is owed from the first thing that the contact wrote since the last reply', () => {
    const waiting = course([replied(1), line(5, 'contact-wrote'), line(9, 'contact-wrote')], first)
    expect(reckoned(waiting)).toMatchObject({ nextReplyDueAt: after(29), dueAt: after(29) })
    const answered = course([replied(1), line(5, 'contact-wrote'), replied(6)], {
      ...first,
      state: 'pending',
    })
    expect(reckoned(answered)).not.toHaveProperty('nextReplyDueAt')
  })

  it('is not owed before there was a first one', () => {
    expect(reckoned(course([line(5, 'contact-wrote')]))).not.toHaveProperty('nextReplyDueAt')
  })

  it('is owed again when a reply is taken back', () => {
    const waiting = [replied(1), line(5, 'contact-wrote'), replied(6, 'gone')]
    const withdrawn = course([...waiting, line(6, 'withdrawn', { messageId: 'gone', state: 'open' })], first)
    expect(reckoned(withdrawn).nextReplyDueAt).toEqual(after(29))
  })

  it('stands still with the others', () => {
    const held = course([replied(1), line(5, 'contact-wrote'), line(6, 'held'), line(10, 'resumed')], first)
    expect(reckoned(held).nextReplyDueAt).toEqual(after(33))
  })
})

describe('terms that change', () => {
  const urgent = { ...facts, priority: 'urgent' as const }
  const agreed = reckoned(course([])).terms

  it('count from then on, and nothing is due later by it', () => {
    const raised = course([], { facts: urgent, terms: agreed, updatedAt: after(5) })
    expect(reckoned(raised)).toMatchObject({ firstReplyDueAt: after(7), resolutionDueAt: after(29) })
    const late = course([], { facts: urgent, terms: agreed, updatedAt: after(23) })
    expect(reckoned(late).firstReplyDueAt).toEqual(after(24))
  })

  it('take no promise back when the ticket turns out to be less urgent', () => {
    const before = reckoned(course([], { facts: urgent })).terms
    const lowered = course([], { terms: before, updatedAt: after(1) })
    expect(reckoned(lowered)).toMatchObject({ firstReplyDueAt: after(2), resolutionDueAt: after(24) })
  })

  it('hold for what is asked after that', () => {
    const before = reckoned(course([], { facts: urgent })).terms
    const history = [replied(1), line(5, 'contact-wrote')]
    const given = { terms: before, updatedAt: after(2), firstRepliedAt: after(1) }
    const lowered = reckoned(course(history, given))
    expect(lowered.nextReplyDueAt).toEqual(after(29))
  })

  it('stay when the configuration changes', () => {
    const other = { otherwise: { firstReplyHours: 48, nextReplyHours: 48, resolutionHours: 96 } }
    expect(reckoned(course([], { terms: agreed }), other).firstReplyDueAt).toEqual(after(24))
    expect(reckoned(course([]), other).firstReplyDueAt).toEqual(after(48))
  })

  it('count from the older opening of two tickets that were merged', () => {
    const merged = course([line(3, 'absorbed', { openedAt: after(-4).toISOString() })])
    expect(reckoned(merged)).toMatchObject({ firstReplyDueAt: after(20), resolutionDueAt: after(68) })
  })
})
