import type { z } from '@hono/zod-openapi'
import type { ProposalSchema, ProposedSchema, QuestionSchema } from '../../shapes/proposals.ts'
import { contentExample } from './knowledge-examples.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T04:00:00.000Z'
const proposalId = '0198c0de-0000-7000-8000-0000000000e1'

export const proposalExample: z.output<typeof ProposalSchema> = {
  id: proposalId,
  kind: 'new_similar_question',
  state: 'open',
  label: '自动续费在哪关',
  articleId: contentExample.id,
  count: 12,
  contacts: 11,
  channels: [
    { channel: 'wechat', count: 9 },
    { channel: 'web', count: 3 },
  ],
  trend: { weeks: [0, 0, 0, 0, 1, 0, 2, 9], usual: 0.43, rising: true },
  examples: ['自动续费在哪关', '不想再自动扣钱了'],
  evidence: {
    failures: [
      { kind: 'unanswered', count: 10 },
      { kind: 'unsure', count: 2 },
    ],
    closest: [{ articleId: contentExample.id, question: contentExample.question, score: 0.21 }],
    sampled: 7,
  },
  firstAt: '2026-10-25T04:00:00.000Z',
  lastAt: at,
  draftIds: [],
  createdAt: '2026-10-25T04:00:00.000Z',
  updatedAt: at,
  version: 2,
}

export const proposedExample: z.output<typeof ProposedSchema> = {
  edits: [
    {
      articleId: contentExample.id,
      action: 'save',
      content: { ...contentExample, similar: [...contentExample.similar, '不想再自动扣钱了'] },
      reason: '换了说法就答不上：12 个问题 questions in words that the article lacks',
    },
  ],
  needsEditor: ['similar'],
}

export const questionExample: z.output<typeof QuestionSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e2',
  kind: 'unanswered',
  sentence: '不想再自动扣钱了',
  messageId: '0198c0de-0000-7000-8000-00000000000d',
  conversationId: '0198c0de-0000-7000-8000-00000000000b',
  inboxId: 'wechat',
  channel: 'wechat',
  saidAt: at,
  candidates: [{ articleId: contentExample.id, score: 0.12 }],
  answerAt: 0.5,
  proposalId,
  placedBy: 'machine',
  version: 2,
}
