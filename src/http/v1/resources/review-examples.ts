import type { z } from '@hono/zod-openapi'
import type { CalibrationSchema, ReviewNumbersSchema } from '../../shapes/review-numbers.ts'
import type { CoachingSchema, FormSchema, ReviewEntrySchema, ReviewSchema } from '../../shapes/review.ts'

// What the reference shows; a test holds each against its schema.

const id = (end: string): string => `0198c0de-0000-7000-8000-0000000000${end}`
const at = '2026-11-27T04:00:00.000Z'

export const formFactsExample = {
  name: { zh: '客服工单质检', en: 'Agents’ tickets' },
  subject: 'ticket' as const,
  groups: [{ id: 'manner', name: { zh: '态度', en: 'Manner' } }],
  criteria: [
    {
      ...{ id: 'tone', group: 'manner', name: { zh: '语气', en: 'Tone' } },
      ...{ kind: 'scale' as const, weight: 1, mayNotApply: false, critical: false, wrongAnswer: false },
    },
  ],
}

export const formExample: z.output<typeof FormSchema> = {
  ...{ id: id('f0'), number: 1, state: 'active', ...formFactsExample },
  ...{ createdAt: at, updatedAt: at, version: 2 },
}

export const reviewExample: z.output<typeof ReviewSchema> = {
  ...{ id: id('f1'), subject: 'ticket', workId: id('0a'), ticketId: id('0a'), ticketNumber: 1001 },
  ...{ conversationId: id('0b'), workAt: at, revieweeId: 'li', revieweeName: '小李', channel: 'wechat' },
  ...{ topic: 'vip-refund', formId: id('f0'), formNumber: 1, round: 1, reviewerIds: [], reviewerId: 'wang' },
  ...{ reviewerName: '老王', state: 'completed', dueAt: '2026-12-04T04:00:00.000Z', createdAt: at },
  completedAt: '2026-11-28T04:00:00.000Z',
  answers: { tone: { value: 4, comment: '先安抚了对方', messageId: id('0d') } },
  ...{ total: 80, failed: false, version: 4 },
}

export const reviewEntryExample: z.output<typeof ReviewEntrySchema> = {
  ...{ at, actorId: 'wang', actorName: '老王', change: 'claimed', detail: {} },
}

export const coachingExample: z.output<typeof CoachingSchema> = {
  ...{ id: id('f2'), authorId: 'wang', authorName: '老王', agentId: 'li', agentName: '小李' },
  ...{ text: '下次先确认订单号再退款', reviewId: id('f1'), followUpAt: '2026-12-11T04:00:00.000Z' },
  ...{ createdAt: at, updatedAt: at, version: 1 },
}

export const reviewNumbersExample: z.output<typeof ReviewNumbersSchema> = {
  ...{
    from: '2026-10-31T16:00:00.000Z',
    to: '2026-11-30T16:00:00.000Z',
    timeZone: 'Asia/Shanghai',
    by: 'agent',
  },
  groups: [
    {
      ...{ key: 'li', name: '小李', reviews: 12 },
      mean: { value: 86.5, low: 80.1, high: 92.9 },
      failed: { value: 0, low: 0, high: 0.2425 },
    },
  ],
}

export const calibrationExample: z.output<typeof CalibrationSchema> = {
  ...{ from: '2026-10-31T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z', timeZone: 'Asia/Shanghai' },
  ...{ reviews: 120, doubled: 12 },
  criteria: [{ formId: id('f0'), criterionId: 'tone', pairs: 12, same: 0.6667, kappa: 0.71 }],
}
