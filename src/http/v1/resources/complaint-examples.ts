import type { z } from '@hono/zod-openapi'
import type { CaseSchema, CaseSummarySchema, PolicyReasonSchema } from '../../shapes/complaint.ts'

// What the reference shows; a test holds each against its schema.

const at = '2026-11-27T04:00:00.000Z'

export const caseSummaryExample: z.output<typeof CaseSummarySchema> = {
  id: '0198c0de-0000-7000-8000-00000000001a',
  ticketId: '0198c0de-0000-7000-8000-00000000000a',
  ticketNumber: 1001,
  conversationId: '0198c0de-0000-7000-8000-00000000000b',
  contactId: '0198c0de-0000-7000-8000-00000000000c',
  inboxId: 'wechat',
  title: '侵权投诉 BV17x411w7KC',
  summary: '对方整个搬运了我的视频',
  kind: 'copyright',
  state: 'examining',
  round: 1,
  objects: [{ kind: 'video', id: 'BV17x411w7KC', key: 'video:170001', aid: '170001' }],
  rights: { capacity: 'owner', work: 'https://example.com/work', statement: '本人是作者，以上属实。' },
  deadlines: [
    { name: 'decide', dueAt: '2026-11-29T04:00:00.000Z' },
    { name: 'act-on-notice', dueAt: '2026-11-30T04:00:00.000Z', source: '民法典 第1195条' },
  ],
  dueAt: '2026-11-29T04:00:00.000Z',
  slowed: false,
  coordinated: false,
  createdAt: at,
  updatedAt: at,
  version: 2,
}

export const caseExample: z.output<typeof CaseSchema> = {
  ...caseSummaryExample,
  evidence: [],
  decisions: [],
  actions: [],
  notices: [],
  groups: [{ objectKey: 'video:170001', reports: 1, reporters: 1, firstAt: at, lastAt: at }],
  timeline: [{ at, actor: 'system', change: 'opened', detail: { form: 'copyright-complaint' } }],
}

export const policyReasonExample: z.output<typeof PolicyReasonSchema> = {
  code: 'copyright.reupload',
  kinds: ['copyright'],
  verdicts: ['takedown', 'warn'],
  title: { zh: '未经许可搬运他人作品', en: 'Reuploading a work without permission' },
  toReported: { zh: '你发布的内容使用了他人的作品。', en: 'What you published uses the work of others.' },
  toReporter: { zh: '经核实，内容未经许可使用了你的作品。', en: 'We found that your work is used.' },
  source: '民法典 第1195条',
}
