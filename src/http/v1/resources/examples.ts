import type { z } from '@hono/zod-openapi'
import type { MessageSchema } from '../../shapes/message.ts'
import type { ContactSchema } from '../../shapes/contact.ts'
import type { TicketSchema, TimelineSchema } from '../../shapes/ticket.ts'

// What the reference shows; a test holds each against its schema.

const ticketId = '0198c0de-0000-7000-8000-00000000000a'
const conversationId = '0198c0de-0000-7000-8000-00000000000b'
const contactId = '0198c0de-0000-7000-8000-00000000000c'
const at = '2026-11-27T04:00:00.000Z'

export const ticketExample: z.output<typeof TicketSchema> = {
  id: ticketId,
  number: 1001,
  conversationId,
  contactId,
  contactName: '阿白',
  inboxId: 'wechat',
  channel: 'wechat',
  conversationMode: 'human',
  kind: 'question',
  topic: 'vip-refund',
  priority: 'normal',
  state: 'open',
  title: '大会员多扣一个月',
  summary: '用户说多扣了 25 元',
  reason: '用户明确要求人工',
  forms: [],
  tags: ['退款'],
  fields: {},
  createdAt: at,
  updatedAt: at,
  firstReplyDueAt: '2026-11-28T04:00:00.000Z',
  resolutionDueAt: '2026-11-30T04:00:00.000Z',
  version: 3,
}

export const timelineExample: z.output<typeof TimelineSchema> = {
  at,
  actor: 'bot',
  change: 'opened',
  detail: {},
}

export const messageExample: z.output<typeof MessageSchema> = {
  id: '0198c0de-0000-7000-8000-00000000000d',
  conversationId,
  seq: 1,
  direction: 'in',
  author: 'contact',
  parts: [{ kind: 'text', text: '大会员多扣了 25 元' }],
  createdAt: at,
  trace: {
    ...{ turn: 1, pieces: 1, totalMs: 102.4, end: 'sent', attempts: 1 },
    steps: [
      { step: 'stored', ms: 6.1, isWait: false },
      { step: 'pieces', ms: 0, isWait: true },
      { step: 'queued', ms: 3.2, isWait: true },
      { step: 'understood', ms: 12.4, isWait: false },
      { step: 'decided', ms: 1.9, isWait: false },
      { step: 'outbox', ms: 18, isWait: true },
      { step: 'sent', ms: 82, isWait: false },
    ],
    outboxIds: ['0198c0de-0000-7000-8000-0000000000b1'],
  },
}

export const contactExample: z.output<typeof ContactSchema> = {
  id: contactId,
  displayName: '阿白',
  createdAt: at,
  identities: [
    {
      inboxId: 'wechat',
      channel: 'wechat',
      contactKey: 'oA1…9xQ',
      fallback: false,
      createdAt: at,
      conversationId,
      lastInboundAt: at,
    },
  ],
  merges: [],
  tickets: [{ id: ticketId, number: 1001, state: 'open' }],
}
