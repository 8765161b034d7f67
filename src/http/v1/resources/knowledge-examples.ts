import type { z } from '@hono/zod-openapi'
import type {
  ArticleDiffSchema,
  ArticleRowSchema,
  ArticleSchema,
  DraftSchema,
  EvaluationSchema,
  FindingSchema,
  PreviewSchema,
  VersionRowSchema,
  VersionSchema,
} from '../../shapes/knowledge.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T12:40:00.000Z'
const by = { kind: 'agent', id: 'li', name: '李然' } as const
const draftId = '0198c0de-0000-7000-8000-0000000000f0'
const articleId = 'vip-auto-renew-stop'

const content = {
  id: articleId,
  topic: 'vip-auto-renew',
  question: '怎么关闭大会员自动续费',
  similar: ['关闭自动续费', '取消连续包月'],
  negative: ['退款'],
  handoff: false,
  urgency: 'normal',
  followups: [],
  channels: { weibo: '我的 → 大会员 → 续费管理，点“关闭自动续费”。' },
  tags: [],
  until: '2027-03-31',
  answer: '在续费管理里关闭即可，已付费的天数可以继续用到期满。',
} satisfies z.output<typeof DraftSchema>['content']

export const contentExample = content

export const draftExample: z.output<typeof DraftSchema> = {
  ...{ id: draftId, articleId, action: 'save', content, reason: '入口改名了', state: 'in-review' },
  ...{ author: by, base: '5b1f0c6d2a9e7743', baseVersion: 11, fileHash: '5b1f0c6d2a9e7743' },
  ...{ createdAt: at, updatedAt: at, version: 2 },
}

const openDraft = { id: draftId, state: 'in-review', action: 'save', version: 2, updatedAt: at } as const
const { topic, question } = content

export const articleRowExample: z.output<typeof ArticleRowSchema> = {
  ...{ articleId, topic, question, hash: '5b1f0c6d2a9e7743', origin: 'published', conflict: false },
  ...{ file: 'vip-auto-renew/stop.md', drafts: [openDraft] },
}
export const articleExample: z.output<typeof ArticleSchema> = {
  ...{ articleId, hash: '5b1f0c6d2a9e7743', origin: 'published', conflict: false, live: content },
  ...{ file: { content, hash: '5b1f0c6d2a9e7743', file: 'vip-auto-renew/stop.md' }, drafts: [openDraft] },
}

export const diffExample: z.output<typeof ArticleDiffSchema> = {
  articleId,
  kind: 'changed',
  fields: [{ field: 'until', after: '2027-03-31' }],
}

export const findingExample: z.output<typeof FindingSchema> = {
  level: 'warning',
  articleId,
  problem: '“关闭自动续费” 和 is nearly the same as “关掉自动续费” (vip-auto-renew-off)',
  fix: '改成更能区分的说法，或并入那篇 word it differently, or join the articles',
}

export const previewExample: z.output<typeof PreviewSchema> = {
  inboxId: 'weibo',
  channel: 'weibo',
  language: 'zh',
  messages: [{ text: content.channels.weibo, bytes: 69, characters: 27 }],
  limit: { max: 300, unit: 'characters' },
}

const shares = { answered: 0.71, wrong: 0.021, clarified: 0.12, coverage: 0.86 }
const summary = {
  labelled: { rows: 500, before: shares, after: { ...shares, coverage: 0.87 }, changed: 6 },
  conversations: { messages: 480, changed: 14 },
  concerns: [],
}
const changed = {
  text: '自动续费怎么关',
  before: { kind: 'clarify' },
  after: { kind: 'answer', articleId },
} as const

export const evaluationExample: z.output<typeof EvaluationSchema> = {
  ...{ id: '0198c0de-0000-7000-8000-0000000000f1', state: 'done', draftIds: [draftId] },
  ...{ questions: ['自动续费怎么关'], whole: true, by, createdAt: at, doneAt: at },
  result: {
    ...summary,
    labelledChanges: [{ ...changed, right: { before: false, after: true } }],
    conversationChanges: [{ messageId: '0198c0de-0000-7000-8000-0000000000a1', ...changed }],
    tried: [{ question: changed.text, before: changed.before, after: changed.after }],
  },
}

export const versionRowExample: z.output<typeof VersionRowSchema> = {
  ...{ number: 12, kind: 'publish', at, by, reason: '入口改名了', evaluation: summary },
  contentHash: '90c1de7a44f0b2d3',
}
export const versionExample: z.output<typeof VersionSchema> = {
  ...versionRowExample,
  changes: [{ articleId, after: content }],
}
