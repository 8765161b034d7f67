import { describe, expect, it } from 'vitest'
import type { Announcement } from '../../src/core/dialogue.ts'
import { textOf } from '../../src/core/message.ts'
import { alwaysThere, configured, dialogueWith } from './builders.ts'

const reason = { code: 'asked-for-person', values: {} } as const
const hour = 3_600_000
/** 10:00 in Shanghai. */
const now = new Date('2026-11-24T02:00:00Z')
const announced = (over: Partial<Announcement> = {}, hours = 24): string =>
  textOf(
    dialogueWith().announce({
      escalation: { reason, topic: 'vip-refund', urgency: 'normal', kind: 'question' },
      ticketNumber: 1042,
      firstReplyDueAt: new Date(now.getTime() + hours * hour),
      now,
      again: false,
      language: 'zh',
      ...over,
    }),
  )
const urgent = { reason, topic: 'account-stolen', urgency: 'urgent', kind: 'question' } as const
const crisis = { reason, topic: 'crisis', urgency: 'urgent', kind: 'question' } as const

describe('the announcement of a person', () => {
  it('says number, time, hotline with hours, and that writing on is fine', () => {
    const words = announced()
    for (const fact of ['T-1042', '24 小时以内', '明天 10:00', '400-178-2233', '10:00–18:00', '继续在这里'])
      expect(words).toContain(fact)
  })

  it('says the same in English', () => {
    const words = announced({ language: 'en' })
    for (const fact of [
      'T-1042',
      'within 24 hours',
      'tomorrow 10:00',
      '400-178-2233',
      '10:00–18:00',
      'go on writing',
    ])
      expect(words).toContain(fact)
    expect(words).not.toMatch(/\p{Script=Han}/u)
  })

  it('says days as people do, in the configured zone', () => {
    expect(announced({ escalation: urgent }, 2)).toMatch(/紧急.*2 小时以内（今天 12:00 前）/s)
    expect(announced({}, 0.5)).toContain('30 分钟以内')
    expect(announced({}, 48)).toContain('48 小时以内')
    expect(announced({}, 71.2)).toContain('3 天以内（11月27日 09:12 前）')
    expect(announced({ language: 'en' }, 72)).toContain('27 November 10:00')
    const inLondon = dialogueWith({ config: configured({ timezone: 'Europe/London' }) })
    expect(
      textOf(
        inLondon.announce({
          escalation: urgent,
          ticketNumber: 1,
          firstReplyDueAt: new Date(now.getTime() + 2 * hour),
          now,
          again: false,
          language: 'zh',
        }),
      ),
    ).toContain('今天 04:00')
  })

  it('crosses midnight and the year', () => {
    const eve = new Date('2026-12-31T15:30:00Z')
    expect(announced({ now: eve, firstReplyDueAt: new Date(eve.getTime() + hour) })).toContain('明天 00:30')
  })

  it('is shorter the second time and makes no new promise', () => {
    for (const language of ['zh', 'en'] as const)
      for (const escalation of [urgent, crisis]) {
        const again = announced({ again: true, language, escalation })
        expect(again).toContain('T-1042')
        expect(again.length).toBeLessThan(announced({ language, escalation }).length)
        expect(again).not.toMatch(/以内|within|10:00 前/)
      }
  })

  it.each(['zh', 'en'] as const)('is sober in a crisis and names the emergency numbers (%s)', (language) => {
    for (const again of [false, true]) {
      const words = announced({ escalation: crisis, language, again }, 2)
      expect(words).toMatch(/110.*120/)
      expect(words).not.toMatch(/[~！!]/)
    }
  })

  describe('while people are away', () => {
    const hours = (backAt: Date | undefined) => ({ ...alwaysThere, peopleBackAt: () => backAt })
    const told = (backAt: Date | undefined, over: Partial<Announcement> = {}) =>
      textOf(
        dialogueWith({ hours: hours(backAt) }).announce({
          escalation: { reason, topic: 'vip-refund', urgency: 'normal', kind: 'question' },
          ticketNumber: 1042,
          firstReplyDueAt: new Date(now.getTime() + 24 * hour),
          now,
          again: false,
          language: 'zh',
          ...over,
        }),
      )
    const morning = new Date(now.getTime() + 14 * hour)

    it('says when they are back, beside what is promised', () => {
      expect(told(morning)).toMatch(/24 小时以内[^]*休息时间，明天 00:00 恢复/)
      expect(told(morning, { language: 'en' })).toMatch(/within 24 hours[^]*back tomorrow 00:00/)
      expect(told(undefined)).not.toContain('休息')
    })

    it('says nothing where somebody is there for it sooner', () => {
      const firstReplyDueAt = new Date(now.getTime() + 2 * hour)
      expect(told(morning, { firstReplyDueAt, escalation: urgent })).not.toContain('休息')
    })
  })
})
