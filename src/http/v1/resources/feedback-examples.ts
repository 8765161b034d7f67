import type { z } from '@hono/zod-openapi'
import type { ReportSchema, SuggestionSchema, ThemeSchema } from '../../shapes/feedback.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T04:00:00.000Z'
const themeId = '0198c0de-0000-7000-8000-0000000000f1'

export const suggestionExample: z.output<typeof SuggestionSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000f0',
  source: 'conversation',
  sentence: '希望倍速能记住，每次都要重调。',
  language: 'zh',
  cues: ['hope', 'product-change', 'why-it-is-needed'],
  saidAt: at,
  createdAt: at,
  messageId: '0198c0de-0000-7000-8000-00000000000d',
  conversationId: '0198c0de-0000-7000-8000-00000000000b',
  contactId: '0198c0de-0000-7000-8000-00000000000c',
  inboxId: 'wechat',
  channel: 'wechat',
  themeId,
  placedBy: 'machine',
  version: 2,
}

export const themeExample: z.output<typeof ThemeSchema> = {
  id: themeId,
  label: '记住播放速度',
  labelledBy: 'person',
  words: ['倍速', '记住', '默认'],
  status: 'shipped',
  statusAt: at,
  wording: {
    zh: '新版已经会记住倍速，更新到 8.2 就能用。',
    en: 'From version 8.2 on the speed is remembered.',
  },
  count: 33,
  contacts: 31,
  channels: [
    { channel: 'wechat', count: 28 },
    { channel: 'web', count: 5 },
  ],
  trend: { weeks: [1, 0, 2, 1, 1, 0, 2, 9], usual: 1, rising: true },
  examples: ['希望倍速能记住，每次都要重调。', '播放速度能不能记住'],
  isHeld: true,
  firstAt: '2026-06-02T04:00:00.000Z',
  lastAt: at,
  createdAt: '2026-06-02T04:00:00.000Z',
  updatedAt: at,
  version: 12,
}

const reported = {
  id: themeId,
  label: '记住播放速度',
  status: 'shipped',
  count: 12,
  before: 3,
  contacts: 11,
  total: 33,
} as const

export const reportExample: z.output<typeof ReportSchema> = {
  month: '2026-11',
  timeZone: 'Asia/Shanghai',
  from: '2026-10-31T16:00:00.000Z',
  to: '2026-11-30T16:00:00.000Z',
  suggestions: 140,
  suggestionsBefore: 96,
  contacts: 128,
  channels: [{ channel: 'wechat', count: 90 }],
  mostAsked: [reported],
  newThemes: [],
  rising: [reported],
  shipped: [{ ...reported, at }],
  declined: [],
  told: { now: 4, fallback: 1, 'next-message': 9 },
  waiting: 16,
  never: 1,
}
