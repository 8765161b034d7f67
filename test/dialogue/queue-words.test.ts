import { describe, expect, it } from 'vitest'
import type { Announcement } from '../../src/core/dialogue.ts'
import { textOf } from '../../src/core/message.ts'
import type { QueuePlace } from '../../src/core/queue.ts'
import { dialogueWith } from './builders.ts'

const now = new Date('2026-11-24T02:00:00Z')
const minute = 60_000
const escalation = {
  reason: { code: 'asked-for-person', values: {} },
  topic: 'vip-refund',
  urgency: 'normal',
  kind: 'question',
} as const
const announced = (queue: QueuePlace | undefined, over: Partial<Announcement> = {}): string =>
  textOf(
    dialogueWith().announce({
      escalation,
      ticketNumber: 1042,
      firstReplyDueAt: new Date(now.getTime() + 24 * 60 * minute),
      now,
      again: false,
      language: 'zh',
      ...(queue === undefined ? {} : { queue }),
      ...over,
    }),
  )

describe('a contact who is handed over', () => {
  it.each<[QueuePlace, string, string]>([
    [{ position: 1 }, '前面没有人排队。', 'You are next in line.'],
    [{ position: 2 }, '前面还有 1 位在排队。', '1 is before you in line.'],
    [
      { position: 4, waitMs: 6.1 * minute },
      '前面还有 3 位在排队，预计大约 7 分钟后有同事接手。',
      '3 are before you in line, about 7 minutes until somebody has it.',
    ],
    [
      { position: 1, waitMs: 0 },
      '前面没有人排队，预计大约 1 分钟后有同事接手。',
      'You are next in line, about 1 minute until somebody has it.',
    ],
    [
      { position: 30, waitMs: 150 * minute },
      '前面还有 29 位在排队，预计大约 3 小时后有同事接手。',
      '29 are before you in line, about 3 hours until somebody has it.',
    ],
  ])('at %j hears where they stand, and how long it takes if it can be said', (queue, zh, en) => {
    expect(announced(queue).split('\n')).toContain(zh)
    expect(announced(queue, { language: 'en' }).split('\n')).toContain(en)
    expect(announced(queue, { language: 'zh-Hant' })).toContain('前面')
  })

  it('is told nothing of a line where there is none, in an emergency, or when they ask again', () => {
    const place = { position: 3, waitMs: minute }
    expect(announced(undefined)).not.toContain('前面')
    expect(announced(place, { again: true })).not.toContain('前面')
    const crisis = { ...escalation, topic: 'crisis', urgency: 'urgent' } as const
    expect(announced(place, { escalation: crisis })).not.toContain('前面')
    expect(announced(place, { escalation: { ...escalation, urgency: 'urgent' } })).toContain('前面还有 2 位')
  })

  it('hears it again when they ask how the ticket stands', () => {
    const ticket = {
      id: 't',
      number: 1042,
      state: 'new',
      title: '多扣一个月',
      createdAt: now,
      firstReplyDueAt: new Date(now.getTime() + 60 * minute),
      url: 'https://help.example/t',
    } as const
    const told = (language: 'zh' | 'en', queue?: QueuePlace) =>
      textOf(
        dialogueWith().tellTickets({
          tickets: [{ ...ticket, ...(queue === undefined ? {} : { queue }) }],
          now,
          language,
        }),
      )
    expect(told('zh', { position: 3, waitMs: 5 * minute })).toMatch(
      /等待同事回复，最晚 .*，前面还有 2 位在排队，预计大约 5 分钟后有同事接手\n/,
    )
    expect(told('en', { position: 1 })).toMatch(/waiting for a colleague, by .*; you are next in line\n/)
    expect(told('zh')).not.toContain('前面')
  })
})
