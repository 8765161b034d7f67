import type { z } from '@hono/zod-openapi'
import type { IncidentReportSchema, IncidentSchema, SpikeSchema } from '../../shapes/incident.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T12:40:00.000Z'
const since = '2026-11-27T12:30:00.000Z'
const by = { kind: 'agent', id: 'li', name: '李然' } as const

export const spikeExample: z.output<typeof SpikeSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e0',
  topic: 'account-login-problem',
  channel: 'wechat',
  sinceAt: since,
  evidence: { observed: 64, expected: 11.2, factor: 5.7, minutes: 10, p: 4e-19 },
  state: 'declared',
  settledAt: at,
  settledBy: by,
  incidentId: '0198c0de-0000-7000-8000-0000000000e1',
  createdAt: at,
  updatedAt: at,
  version: 2,
}

export const incidentExample: z.output<typeof IncidentSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e1',
  number: 12,
  title: { zh: '登录异常', en: 'Sign-in trouble' },
  notice: { zh: '目前登录可能失败，同事正在修复。', en: 'Signing in may fail right now; we are on it.' },
  channelNotices: {},
  noticeVersion: 1,
  topics: ['account-login-problem'],
  channels: ['wechat'],
  spikeId: spikeExample.id,
  sinceAt: since,
  state: 'open',
  declaredAt: at,
  declaredBy: by,
  updatedAt: at,
  tickets: 9,
  openTickets: 9,
  followers: 31,
  heard: 140,
  version: 1,
}

export const entryExample = {
  id: 1,
  at,
  actor: by,
  change: 'declared',
  detail: { topics: ['account-login-problem'], tickets: 9 },
} as const

export const incidentReportExample: z.output<typeof IncidentReportSchema> = {
  incident: incidentExample,
  spike: spikeExample,
  from: '2026-11-27T11:30:00.000Z',
  to: '2026-11-27T12:50:00.000Z',
  timeZone: 'Asia/Shanghai',
  timeline: [entryExample],
  updates: [],
  channels: [{ channel: 'wechat', count: 160, usual: 84.5 }],
  slots: [{ at: since, channel: 'wechat', count: 64, usual: 11.2 }],
  tickets: { total: 9, open: 9, solved: 0, replied: 4, medianReplyMinutes: 6.5 },
  told: { now: 0, fallback: 0, 'next-message': 0, planned: 0, waits: 0, never: 0 },
  reasons: {},
}
