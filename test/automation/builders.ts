import type { Rule, RuleFacts } from '../../src/core/automation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { ticketsConfig } from '../../src/tickets/index.ts'

export const now = new Date('2026-11-24T02:00:00Z')

export const policy = ticketsConfig.parse({
  fields: [{ name: 'orderNumber', label: { zh: '订单号', en: 'Order' } }],
})

export const buildTicket = (over: Partial<Ticket> = {}): Ticket => ({
  id: 't',
  number: 1_001,
  conversationId: 'c',
  contactId: 'p',
  contactName: '阿白',
  inboxId: 'wechat',
  channel: 'wechat',
  conversationMode: 'human',
  kind: 'question',
  topic: 'vip-refund',
  priority: 'normal',
  state: 'open',
  title: '大会员多扣一个月 Refund',
  summary: '',
  reason: '',
  createdAt: now,
  updatedAt: now,
  firstReplyDueAt: now,
  resolutionDueAt: now,
  tags: ['退款'],
  fields: {},
  version: 3,
  ...over,
})

export const buildRule = (over: Partial<RuleFacts> & { readonly id?: string } = {}): Rule => ({
  id: over.id ?? over.name ?? 'r',
  name: 'r',
  on: ['opened'],
  when: [],
  actions: [{ do: 'add-tags', tags: ['a'] }],
  enabled: true,
  position: 1,
  createdAt: now,
  updatedAt: now,
  version: 1,
  ...over,
})
