import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { Decision } from '../../src/core/conversation.ts'
import type { Form } from '../../src/core/form.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import { silentLog } from '../../src/core/log.ts'
import type { JsonSchema, Tool, ToolIdentity } from '../../src/core/tool.ts'
import type { ToolArguments } from '../../src/core/tool-call.ts'
import { classified } from '../dialogue/builders.ts'
import { asSpoken } from '../../src/dialogue/index.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'
import { claim, decisionIn, remembering, said, statusTool, takesOrder } from './one-turn.ts'

/** Tools in turns with a model that names `order`, and what the tool was called with. */
const toolsWith = (
  order: string,
  schema = takesOrder,
  over: Partial<Tool> = {},
  who?: ToolIdentity | 'shared',
) => {
  const called: ToolArguments[] = []
  const offered: string[] = []
  const tool = statusTool({
    parameters: () => Promise.resolve(schema),
    call: (given) => {
      called.push(given)
      return Promise.resolve({ kind: 'answered', value: { status: '在路上' } })
    },
    ...over,
  })
  const model: LanguageModel = {
    models: ['obeying'],
    ask: (request) => {
      offered.push(request.purpose)
      return Promise.resolve({
        value: request.schema.parse({ call: { tool: 'status', given: [{ name: 'order', value: order }] } }),
        model: 'obeying',
        usage: { inputTokens: 1, outputTokens: 1, costMicros: 0 },
        ms: 1,
      })
    },
  }
  const toolbox = createToolbox({
    tools: [tool],
    clock: systemClock,
    log: silentLog,
    audit: { record: () => Promise.resolve() },
    once: remembering(),
    identityOf: () => Promise.resolve(who),
    hashKey: 'key-of-the-test',
  })
  const turn = createTurnTools({ toolbox, linkHosts: [], asSpoken, model, mayConfirm: () => true })
  return {
    called,
    offered,
    decide: (topic: string, leftMs = 8_000, over: Partial<Decision> = {}) =>
      turn.apply({
        claim,
        decision: { ...decisionIn(topic), ...over },
        now: new Date(),
        left: () => leftMs,
        ask: () => undefined,
      }),
    lookUp: (ms: number) =>
      turn.lookUp({
        claim,
        doubt: {
          ...{ conversationId: 'c1', rule: 'clarify', text: said, context: {}, language: 'zh', passages: [] },
          understood: classified({ topic: 'order-mall' }),
          thresholds: { answer: 0.8, clarify: 0.4, outOfScope: 0.5 },
        },
        ms,
      }),
  }
}

describe('a look-up by a model', () => {
  const form: Form = {
    ...{ id: 'tool:status', title: { zh: '查', en: 'Find' }, why: { zh: '查', en: 'Find' }, slots: [] },
    ...{
      done: { zh: '好', en: 'Done' },
      offer: { zh: '查', en: 'Find' },
      kind: 'question',
      topic: 'order-mall',
    },
    ...{ urgency: 'normal', handover: 'last', offeredBy: [], file: 'tools status' },
    startedBy: { articles: [], topics: [], intents: [] },
  }

  it('is made of a tool that asks nothing, and of none that asks', async () => {
    const plain = toolsWith('AB-77', takesOrder, { toModel: true })
    expect((await plain.lookUp(8_000)).passage?.text).toContain('在路上')
    const asking = toolsWith('AB-77', takesOrder, { toModel: true, form })
    expect(await asking.lookUp(8_000)).toEqual({ reasons: [] })
    expect([plain.called.length, asking.called.length]).toEqual([1, 0])
  })

  it('ends in its time when a server does not say what its tool takes', async () => {
    const parameters = () => new Promise<never>(() => {})
    const { lookUp } = toolsWith('AB-77', takesOrder, { toModel: true, parameters })
    expect(await lookUp(1_000)).toEqual({ reasons: [] })
  })
})

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

describe('where others read along', () => {
  const inGroup = (over: Partial<Tool> = {}) =>
    toolsWith('AB-77', takesOrder, { needsIdentity: true, toModel: true, ...over }, 'shared')
  const alone = '“查订单”只能私下告诉你：这里别人也看得到。请私聊我，再问一次。'

  it('what is for the contact alone is not asked for, and offered to no model', async () => {
    const { called, offered, decide, lookUp } = inGroup()
    const { say, record } = await decide('order-mall')
    expect(say).toEqual([[alone, '文章的答案'].map((text) => ({ kind: 'text', text }))])
    expect(record.reasons).toEqual([{ code: 'tool-failed', values: { tool: 'status', failure: 'shared' } }])
    expect(await lookUp(8_000)).toEqual({ reasons: [] })
    expect([called, offered]).toEqual([[], []])
  })

  it('it is not done either once everything for it was gathered', async () => {
    const { called, decide } = inGroup({ changesState: true })
    const gathered = { tool: 'status', answers: { order: 'AB-77' } }
    const { say, dialogue } = await decide('order-mall', 8_000, { gathered })
    expect(say).toEqual([[{ kind: 'text', text: alone }]])
    expect([dialogue.toolCall, called]).toEqual([undefined, []])
  })

  it('what everybody may know is told as ever', async () => {
    const { called, decide } = inGroup({ needsIdentity: false })
    expect((await decide('order-mall')).say).toEqual([[{ kind: 'text', text: '现在：在路上' }]])
    expect(called).toHaveLength(1)
  })
})
