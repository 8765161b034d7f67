import { type Claim, type Decision, initialDialogue } from '../../src/core/conversation.ts'
import type { Begun, IdempotencyStore } from '../../src/core/idempotency.ts'
import type { Part } from '../../src/core/message.ts'
import type { JsonSchema, Tool } from '../../src/core/tool.ts'

/** What the contact says. */
export const said = '帮我看看 AB-77 到哪里了'

/** A turn of that message alone. */
export const claim: Claim = {
  conversationId: 'c1',
  fence: 1,
  inboxId: 'web',
  contactId: 'p1',
  mode: 'bot',
  dialogue: initialDialogue,
  pending: [
    {
      id: 'm1',
      seq: 1,
      parts: [{ kind: 'text', text: said }],
      sentAt: new Date(),
      wantsReply: true,
      mayContinue: false,
    },
  ],
}

/** The article's answer, within a topic. */
export const decisionIn = (topic: string): Decision => ({
  record: {
    kind: 'answer',
    rule: 'answer',
    reasons: [],
    articleId: 'order-mall-shipping',
    thresholds: {},
    thinkingMs: 0,
  },
  say: [[{ kind: 'text', text: '文章的答案' }]],
  dialogue: { ...initialDialogue, context: { lastTopic: topic } },
})

export const takesOrder: JsonSchema = {
  type: 'object',
  properties: { order: { type: 'string' } },
  required: ['order'],
}

/** A system that says where an order is, and an article's answer with it. */
export const statusTool = (over: Partial<Tool> & Pick<Tool, 'call'>): Tool => ({
  name: 'status',
  title: { zh: '查订单', en: 'Order status' },
  description: '',
  changesState: false,
  intents: ['order-mall'],
  needsIdentity: false,
  entities: { order: 'order' },
  toModel: false,
  shows: ['status'],
  answer: { articles: ['order-mall-shipping'], words: { zh: '现在：{{status}}', en: 'Now: {{status}}' } },
  parameters: () => Promise.resolve(takesOrder),
  ...over,
})

export const textOfPart = (part: Part): string => (part.kind === 'text' ? part.text : '')

/** Remembers requests while the test lasts. */
export const remembering = (): Pick<IdempotencyStore, 'begin' | 'finish' | 'find'> => {
  const kept = new Map<string, Extract<Begun, { kind: 'answered' | 'in_progress' }>>()
  return {
    begin: ({ keyHash }) => {
      const known = kept.get(keyHash)
      if (known === undefined) kept.set(keyHash, { kind: 'in_progress' })
      return Promise.resolve(known ?? { kind: 'started' })
    },
    finish: ({ keyHash }, answer) => {
      kept.set(keyHash, { kind: 'answered', answer })
      return Promise.resolve()
    },
    find: (keyHash) => Promise.resolve(kept.get(keyHash)),
  }
}
