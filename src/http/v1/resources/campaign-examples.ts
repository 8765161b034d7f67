import type { z } from '@hono/zod-openapi'
import type {
  CampaignEntrySchema,
  CampaignInvitationSchema,
  CampaignResultsSchema,
  CampaignSchema,
  ConsentSchema,
  PreviewSchema,
} from '../../shapes/campaign.ts'

const id = (end: string): string => `0198c0de-0000-7000-8000-0000000000${end}`
const at = '2026-11-27T04:00:00.000Z'
const li = { kind: 'agent', id: 'li', name: '李然' } as const

export const campaignExample: z.output<typeof CampaignSchema> = {
  id: id('f0'),
  title: '会员退款体验',
  question: {
    type: 'nps',
    wording: { zh: '你会把次元站推荐给朋友吗？', en: 'Would you recommend us to a friend?' },
    followUp: { zh: '为什么是这个分数？', en: 'Why this score?' },
  },
  audience: { channels: ['wechat'], tiers: ['vip'] },
  state: 'running',
  startsAt: at,
  endsAt: '2026-12-11T04:00:00.000Z',
  share: 0.5,
  mostADay: 200,
  createdAt: at,
  version: 2,
}

export const campaignEntryExample: z.output<typeof CampaignEntrySchema> = {
  at,
  actor: li,
  change: 'paused',
  reason: '大促期间先停',
  detail: {},
}

export const previewExample: z.output<typeof PreviewSchema> = {
  audience: 1200,
  consenting: 310,
  reachable: 120,
  reasons: { 'no-consent': 890, 'window-closed': 150, 'asked-lately': 40 },
  quiet: false,
}

export const campaignResultsExample: z.output<typeof CampaignResultsSchema> = {
  asked: 20,
  answered: 8,
  refused: 1,
  undelivered: 0,
  responseRate: { value: 0.4, low: 0.2188, high: 0.6134 },
  answers: [{ value: 9, count: 8, share: { value: 1, low: 0.6756, high: 1 } }],
  nps: { value: 100 },
}

export const campaignInvitationExample: z.output<typeof CampaignInvitationSchema> = {
  id: id('f1'),
  contactId: id('0c'),
  conversationId: id('0b'),
  channel: 'wechat',
  state: 'answered',
  askedAt: at,
  expiresAt: '2026-11-30T04:00:00.000Z',
  answeredAt: at,
  score: 9,
  comment: '退款很快',
}

export const consentExample: z.output<typeof ConsentSchema> = {
  id: id('f2'),
  at,
  way: 'elsewhere',
  conversationId: id('0b'),
  proof: '2026 年会员调研报名表第 18 行',
  by: li,
}
