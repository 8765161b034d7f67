import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import {
  type Claim,
  type Decision,
  type DialogueState,
  initialDialogue,
} from '../../src/core/conversation.ts'
import type { Form } from '../../src/core/form.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import { silentLog } from '../../src/core/log.ts'
import type { JsonSchema, Tool } from '../../src/core/tool.ts'
import type { ToolArguments } from '../../src/core/tool-call.ts'
import type { Begun, IdempotencyStore } from '../../src/core/idempotency.ts'
import type { Part } from '../../src/core/message.ts'
import { classified } from '../dialogue/builders.ts'
import { createHttpTool, createToolbox, createTurnTools } from '../../src/tools/index.ts'

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

const textOfPart = (part: Part): string => (part.kind === 'text' ? part.text : '')

/** Remembers requests while the test lasts. */
const remembering = (): Pick<IdempotencyStore, 'begin' | 'finish' | 'find'> => {
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

/** Tools in turns with a model that names `order`, and what the tool was called with. */
const toolsWith = (order: string, schema = takesOrder, over: Partial<Tool> = {}) => {
  const called: ToolArguments[] = []
  const tool: Tool = {
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
    parameters: () => Promise.resolve(schema),
    call: (given) => {
      called.push(given)
      return Promise.resolve({ kind: 'answered', value: { status: '在路上' } })
    },
    ...over,
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
    once: remembering(),
    identityOf: () => Promise.resolve(undefined),
    hashKey: 'key-of-the-test',
  })
  const turn = createTurnTools({ toolbox, linkHosts: [], traditionalise: (text) => text, model })
  return {
    called,
    decide: (topic: string, leftMs = 8_000) =>
      turn.apply({
        claim,
        decision: decisionIn(topic),
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

describe('what was confirmed', () => {
  const now = new Date('2026-11-29T10:00:00Z')
  const waiting = { id: 'call-1', tool: 'return', given: { order: 'AB77' }, until: '2026-11-29T10:10:00Z' }
  const confirm: Part = { kind: 'event', name: 'choice', value: 'tool:confirm:call-1' }
  const cancel: Part = { kind: 'event', name: 'choice', value: 'tool:cancel:call-1' }
  const words = (text: string): Part => ({ kind: 'text', text })

  /** A contact's turns in a row, and how often the brand's system was told. */
  const returning = (contactId = 'p1', once = remembering()) => {
    let calls = 0
    let dialogue: DialogueState = { ...initialDialogue, toolCall: waiting }
    const tool: Tool = {
      name: 'return',
      title: { zh: '退货', en: 'Return' },
      description: '',
      changesState: true,
      intents: ['order-mall'],
      needsIdentity: false,
      entities: {},
      toModel: false,
      shows: [],
      parameters: () => Promise.resolve(takesOrder),
      call: () => {
        calls += 1
        return Promise.resolve({ kind: 'answered', value: {} })
      },
    }
    const toolbox = createToolbox({
      tools: [tool],
      clock: systemClock,
      log: silentLog,
      audit: { record: () => Promise.resolve() },
      once,
      identityOf: () => Promise.resolve(undefined),
      hashKey: 'key-of-the-test',
    })
    const turn = createTurnTools({ toolbox, linkHosts: [], traditionalise: (text) => text })
    /** The question stands in second place; what was written before it, in first. */
    const hears = async (
      said: readonly (readonly [seq: number, part: Part])[],
      at: Date,
      over: Partial<Decision> = {},
    ): Promise<string> => {
      const [message] = claim.pending
      if (message === undefined) throw new Error('nothing is said')
      const decision = await turn.apply({
        claim: {
          ...claim,
          contactId,
          dialogue,
          lastSaidSeq: 2,
          pending: said.map(([seq, part]) => ({ ...message, seq, parts: [part] })),
        },
        decision: { ...decisionIn('vip-refund'), dialogue: { ...dialogue, context: {} }, ...over },
        now: at,
        left: () => 8_000,
        ask: () => undefined,
      })
      dialogue = decision.dialogue
      return decision.say.flat().map(textOfPart).join('\n')
    }
    return {
      says: (part: Part, at = now, over?: Partial<Decision>) => hears([[3, part]], at, over),
      hears: (...said: Parameters<typeof hears>[0]) => hears(said, now),
      calls: () => calls,
      asksAnew: () => {
        dialogue = { ...dialogue, toolCall: { ...waiting, id: 'call-2' } }
      },
    }
  }

  it('is told again to whoever confirms again, and is not done again', async () => {
    const { says, calls } = returning()
    expect(await says(confirm)).toBe('“退货”已经办好了。')
    expect(await says(confirm)).toBe('已办理：“退货”已经办好了。')
    expect(await says(words('确认！'))).toBe('已办理：“退货”已经办好了。')
    expect(await says(words('还有一件事'))).toBe('文章的答案')
    expect(await says(words('确认'))).toBe('文章的答案')
    expect(await says(confirm, new Date('2026-11-29T13:00:00Z'))).toBe('已办理：“退货”已经办好了。')
    expect(await says(cancel)).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(1)
  })

  it.each(['1', '确认', '2', '取消'])(
    'waits on after “%s” that was sent before the question',
    async (early) => {
      const { says, hears, calls } = returning()
      expect(await hears([1, words(early)])).toBe('')
      expect(calls()).toBe(0)
      expect(await says(words('确认'))).toBe('“退货”已经办好了。')
      const both = returning()
      expect(await both.hears([1, words(early)], [3, words('确认')])).toBe('“退货”已经办好了。')
      const other = returning()
      expect(await other.hears([1, words('还有一件事')], [3, words('确认')])).toBe('文章的答案')
      expect([calls(), both.calls(), other.calls()]).toEqual([1, 1, 0])
    },
  )

  it('is not meant by a word that comes later, or that answers something else', async () => {
    const late = new Date('2026-11-29T10:10:00Z')
    const { says } = returning()
    await says(confirm)
    expect(await says(words('1'), late)).toBe('文章的答案')
    const escalation = { reason: { code: 'asked-for-person', values: {} }, topic: '' } as const
    for (const over of [
      { survey: { invitationId: 's1', score: 1 } },
      { escalation: { ...escalation, urgency: 'normal', kind: 'question' } },
    ] satisfies Partial<Decision>[]) {
      const other = returning()
      await other.says(confirm)
      expect(await other.says(words('1'), now, over)).toBe('文章的答案')
    }
  })

  it('is told by its old button while another waits, which goes on waiting', async () => {
    const { says, calls, asksAnew } = returning()
    await says(confirm)
    asksAnew()
    expect(await says(confirm)).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(1)
    expect(await says(words('确认'))).toBe('“退货”已经办好了。')
    expect(calls()).toBe(2)
  })

  it('is told where the turn that did it was lost, even when its time is over', async () => {
    const once = remembering()
    await returning('p1', once).says(confirm)
    const { says, calls } = returning('p1', once)
    expect(await says(confirm, new Date('2026-11-29T10:11:00Z'))).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(0)
  })

  it('is told to nobody else, and never where nothing was done', async () => {
    const once = remembering()
    await returning('p1', once).says(confirm)
    const other = returning('p2', once)
    expect(await other.says(confirm, new Date('2026-11-29T10:11:00Z'))).toContain('已经失效')
    const cancelled = returning()
    await cancelled.says(cancel)
    expect(await cancelled.says(confirm)).toContain('已经失效')
    expect(other.calls() + cancelled.calls()).toBe(0)
  })
})

describe('what a form gathered', () => {
  const both = (zh: string, en: string) => ({ zh, en })
  const common = {
    ...{ title: both('退货', 'Return'), method: 'POST', changesState: true, intents: ['order-mall'] },
    url: 'https://orders.example.com/returns',
    parameters: {
      type: 'object',
      properties: { order: { type: 'string', minLength: 4 }, opened: { type: 'boolean' } },
      required: ['order', 'opened'],
    },
    answer: { articles: ['order-mall-return'], words: both('好了', 'Done') },
    asks: {
      order: { kind: 'order', label: both('订单号', 'Order'), ask: both('哪个订单？', 'Which order?') },
      opened: { kind: 'yes-no', label: both('拆封', 'Opened'), ask: both('拆封了吗？', 'Is it opened?') },
    },
  }
  const parsed = parseConfig({ tools: { http: { return: common } } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const section = parsed.config.tools.http['return']
  if (section === undefined) throw new Error('no tool')
  const tool = createHttpTool('return', section, {
    callOut: () => Promise.resolve({ failure: 'network' }),
    sign: () => ({}),
  })

  const given = (answers: Readonly<Record<string, string>>, { name = 'return', leftMs = 8_000 } = {}) => {
    const turn = createTurnTools({
      toolbox: createToolbox({
        tools: [tool],
        clock: systemClock,
        log: silentLog,
        audit: { record: () => Promise.resolve() },
        once: remembering(),
        identityOf: () => Promise.resolve(undefined),
        hashKey: 'key-of-the-test',
      }),
      ...{ linkHosts: [], traditionalise: (text: string) => text },
    })
    const { record } = decisionIn('order-mall')
    const decision: Decision = {
      record,
      say: [],
      dialogue: { ...initialDialogue, spoken: 'en' },
      gathered: { tool: name, answers },
    }
    return turn.apply({ claim, decision, now: new Date(), left: () => leftMs, ask: () => undefined })
  }

  it('is shown by its names, as the schema has it, before anything is called', async () => {
    const { say, dialogue } = await given({ opened: 'no', order: 'AB77' })
    const [[asked] = []] = say
    expect(asked?.kind === 'choices' && asked.prompt).toContain('“Return”?\nOrder: AB77\nOpened: no\n')
    expect(dialogue.toolCall?.given).toEqual({ order: 'AB77', opened: false })
  })

  it.each<[string, Readonly<Record<string, string>>, Parameters<typeof given>[1], RegExp]>([
    ['what the schema does not take', { order: 'A', opened: 'no' }, {}, /did not accept “Return”/],
    ['less than it needs', { order: 'AB77' }, {}, /did not accept “Return”/],
    [
      'what comes when no time is left',
      { order: 'AB77', opened: 'yes' },
      { leftMs: 10 },
      /cannot be reached now/,
    ],
    ['what is for a tool that is no more', { order: 'AB77' }, { name: 'gone' }, /not valid any more/],
  ])('leads to no question with %s, and the contact is told so', async (_what, answers, over, words) => {
    const { say, dialogue } = await given(answers, over)
    expect(say.flat().map(textOfPart).join('')).toMatch(words)
    expect(dialogue.toolCall).toBeUndefined()
  })
})
