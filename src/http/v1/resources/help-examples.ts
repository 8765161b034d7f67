import type { z } from '@hono/zod-openapi'
import type {
  CheckSchema,
  ContradictionSchema,
  RefusalSchema,
  ToneSchema,
  WordingsSchema,
} from '../../shapes/editing-help.ts'
import type { DraftSchema } from '../../shapes/knowledge.ts'
import { contentExample, draftExample } from './knowledge-examples.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T12:40:00.000Z'
const model = 'deepseek/deepseek-chat'
const by = { kind: 'agent', id: 'li', name: '李然' } as const

export const wordingsExample: z.output<typeof WordingsSchema> = {
  data: [
    { text: '不想再自动扣钱了', standing: 'new' },
    {
      ...{ text: '大会员能退吗', standing: 'other' },
      of: { articleId: 'vip-refund-apply', question: '大会员买错了可以退款吗' },
    },
  ],
  model,
}

export const toneExample: z.output<typeof ToneSchema> = {
  data: [
    {
      quote: '你必须在到期前 1 天关闭。',
      in: 'answer',
      proposal: '必须在到期前 1 天关闭哦。',
      why: '语气像命令',
    },
  ],
  model,
}

export const writtenExample: z.output<typeof DraftSchema> = {
  ...draftExample,
  state: 'draft',
  reason: '机器生成 written by deepseek/deepseek-chat，来自 from T-1001, T-1002',
  source: { kind: 'tickets', id: 'T-1001, T-1002', model },
  version: 1,
}

export const contradictionExample: z.output<typeof ContradictionSchema> = {
  ...{ id: '0198c0de-0000-7000-8000-0000000000d1', state: 'open' },
  first: {
    ...{ articleId: contentExample.id, question: contentExample.question },
    ...{ quote: '已付费的天数可以继续用到期满', in: 'answer' },
  },
  second: {
    ...{ articleId: 'vip-auto-renew-when', question: '关闭自动续费后会员什么时候失效' },
    ...{ quote: '关闭后会员立即失效', in: 'weibo' },
  },
  ...{ why: '关闭自动续费后会员还能不能用', model, foundAt: at, version: 1 },
}

export const refusalExample: z.output<typeof RefusalSchema> = {
  first: { articleId: contentExample.id, question: contentExample.question },
  second: { articleId: 'vip-refund-apply', question: '大会员买错了可以退款吗' },
  ...{ why: 'filtered', refusedAt: at },
}

export const checkExample: z.output<typeof CheckSchema> = {
  ...{ state: 'running', pairs: 480, judged: 120, found: 2, by, startedAt: at, updatedAt: at },
}
