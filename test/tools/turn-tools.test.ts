import { expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { type Claim, type Decision, initialDialogue } from '../../src/core/conversation.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import { silentLog } from '../../src/core/log.ts'
import type { JsonSchema, Tool, ToolArguments } from '../../src/core/tool.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'

const said = '帮我看看 AB-77 到哪里了'

const claim: Claim = {
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

const decisionIn = (topic: string): Decision => ({
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

const takesOrder: JsonSchema = {
  type: 'object',
  properties: { order: { type: 'string' } },
  required: ['order'],
}

/** Tools in turns with a model that names `order`, and what the tool was called with. */
const toolsWith = (order: string, schema = takesOrder) => {
  const called: ToolArguments[] = []
  const tool: Tool = {
    name: 'status',
    title: { zh: '查订单', en: 'Order status' },
    description: '',
    changesState: false,
    intents: ['order-mall'],
    needsIdentity: false,
    entities: { order: 'order' },
    shows: ['status'],
    answer: { articles: ['order-mall-shipping'], words: { zh: '现在：{{status}}', en: 'Now: {{status}}' } },
    parameters: () => Promise.resolve(schema),
    call: (given) => {
      called.push(given)
      return Promise.resolve({ kind: 'answered', value: { status: '在路上' } })
    },
  }
  const model: LanguageModel = {
    models: ['obeying'],
    ask: (request) =>
      Promise.resolve({
        value: request.schema.parse({ call: { tool: 'status', given: [{ name: 'order', value: order }] } }),
        model: 'obeying',
        usage: { inputTokens: 1, outputTokens: 1, costMicros: 0 },
        ms: 1,
      }),
  }
  const toolbox = createToolbox({
    tools: [tool],
    clock: systemClock,
    log: silentLog,
    audit: { record: () => Promise.resolve() },
    once: { begin: () => Promise.resolve({ kind: 'started' }), finish: () => Promise.resolve() },
    identityOf: () => Promise.resolve(undefined),
    hashKey: 'key-of-the-test',
  })
  const turn = createTurnTools({ toolbox, linkHosts: [], traditionalise: (text) => text, model })
  return {
    called,
    decide: (topic: string, leftMs = 8_000) =>
      turn.apply({ claim, decision: decisionIn(topic), now: new Date(), left: () => leftMs }),
  }
}

it('lets a model read what named things do not tell', async () => {
  const { called, decide } = toolsWith('AB-77')
  expect((await decide('order-mall')).say).toEqual([[{ kind: 'text', text: '现在：在路上' }]])
  expect(called).toEqual([{ order: 'AB-77' }])
})

it('gives the article’s answer when there is no time left to ask', async () => {
  const { called, decide } = toolsWith('AB-77')
  expect((await decide('order-mall', 100)).say).toEqual(decisionIn('order-mall').say)
  expect(called).toEqual([])
})

it('gives the article’s answer when the schema cannot be read', async () => {
  const unreadable: JsonSchema = {
    type: 'object',
    properties: { order: { $ref: 'https://elsewhere.example/x' } },
  }
  const { called, decide } = toolsWith('AB-77', unreadable)
  expect((await decide('order-mall')).say).toEqual(decisionIn('order-mall').say)
  expect(called).toEqual([])
})

it('gives the article’s answer when the model names what the contact did not', async () => {
  const { called, decide } = toolsWith('AB-78')
  expect((await decide('order-mall')).say).toEqual([[{ kind: 'text', text: '文章的答案' }]])
  expect(called).toEqual([])
})

it('gives the article’s answer where the topic does not allow the tool', async () => {
  const { called, decide } = toolsWith('AB-77')
  expect((await decide('vip-refund')).say).toEqual([[{ kind: 'text', text: '文章的答案' }]])
  expect(called).toEqual([])
})
