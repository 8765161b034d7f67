// What a model is writing, shown before it is decided on: never a message, and nothing that fails the check.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type LlmFault, type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { createAnswer } from '../../src/llm/answer.ts'
import { createTestChannelHost } from '../support/channel-host.ts'
import { openTestModel } from '../support/language-model.ts'
import { type Product, startProduct } from '../support/product.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'
import { createHold, quoted } from './written.ts'

let provider: LlmSimulator
beforeAll(async () => {
  provider = await startLlmSimulator()
})
beforeEach(() => provider.reset())
afterAll(() => provider.stop())

const schema = z.object({ answered: z.boolean(), sentences: z.array(z.object({ text: z.string() })) })
const whole = { answered: true, sentences: [{ text: '请拨 [PHONE_1]，"随时" {都可}' }, { text: '第二句' }] }

const askStreamed = async (section: Record<string, unknown>) => {
  const parts: unknown[] = []
  const { model, calls } = await openTestModel({ model: { name: 'small', apiKey: 'sk-1', ...section } })
  const asking = model.ask({
    purpose: 'answer',
    instructions: 'Answer.',
    material: [{ name: 'question', text: '13800138000 是客服吗' }],
    schema,
    whileWritten: (part) => {
      parts.push(part)
      throw new Error('whoever listens cannot disturb it')
    },
  })
  return { parts, calls, answer: await asking.catch((error: unknown) => error) }
}

const apis = [
  ['openai', 'json_schema'],
  ['openai', 'json'],
  ['openai', 'function'],
  ['anthropic', 'function'],
  ['anthropic', 'json_schema'],
] as const

describe('an answer in pieces', () => {
  it.each(apis)('is told as far as its items are whole, by %s with %s', async (api, structured) => {
    provider.answerWith(() => whole)
    const baseUrl = api === 'openai' ? provider.baseUrl : provider.anthropicUrl
    const { parts, calls, answer } = await askStreamed({ provider: api, baseUrl, structured })
    const [first, second] = [{ text: '请拨 13800138000，"随时" {都可}' }, { text: '第二句' }]
    expect(answer).toMatchObject({ value: { answered: true, sentences: [first, second] } })
    expect(parts).toEqual([
      { answered: true, sentences: [first] },
      { answered: true, sentences: [first, second] },
    ])
    expect(provider.requests.map(({ stream }) => stream)).toEqual([true])
    const [{ system, user } = { system: '', user: '' }] = provider.requests
    expect(calls).toMatchObject([
      {
        outcome: 'answered',
        inputTokens: system.length + user.length,
        outputTokens: JSON.stringify(whole).length,
      },
    ])
  })

  const faults: readonly (readonly [LlmFault, string])[] = [
    ['cut', 'unreachable'],
    ['early_end', 'empty'],
    ['empty', 'empty'],
    ['too_long', 'truncated'],
    ['filtered', 'filtered'],
    ['prose', 'malformed'],
    ['wrong_schema', 'malformed'],
    ['broken', 'failed'],
    ['bad_body', 'failed'],
  ]
  it.each(faults)('that meets the fault %s is no answer: %s', async (fault, outcome) => {
    provider.answerWith(() => whole)
    provider.misbehave(fault)
    const { answer, calls } = await askStreamed({ provider: 'openai', baseUrl: provider.baseUrl })
    expect(answer).toBeInstanceOf(TongdaError)
    expect(answer).toMatchObject({ code: 'model_unavailable' })
    expect(calls[0]?.outcome).toBe(outcome)
  })

  it.each(apis)(
    'that breaks off counts as written to the last token, by %s with %s',
    async (api, structured) => {
      provider.answerWith(() => whole)
      provider.misbehave('cut')
      const baseUrl = api === 'openai' ? provider.baseUrl : provider.anthropicUrl
      const { calls } = await askStreamed({ provider: api, baseUrl, structured })
      expect(calls.map(({ outputTokens }) => outputTokens)).toEqual(calls.map(() => 1_000))
    },
  )

  it.each(apis)('that its provider ends too soon counts so, too, by %s with %s', async (api, structured) => {
    provider.answerWith(() => whole)
    provider.misbehave('early_end')
    const baseUrl = api === 'openai' ? provider.baseUrl : provider.anthropicUrl
    const { calls } = await askStreamed({ provider: api, baseUrl, structured })
    expect(calls.map(({ outputTokens }) => outputTokens)).toEqual(calls.map(() => 1_000))
  })
})

describe('a stream that nobody ends', () => {
  const long = { answered: true, sentences: [{ text: '长'.repeat(40_000) }, ...whole.sentences] }
  it.each(apis)('is no answer once it is too large, by %s with %s', async (api, structured) => {
    provider.answerWith(() => long)
    const baseUrl = api === 'openai' ? provider.baseUrl : provider.anthropicUrl
    const { parts, calls, answer } = await askStreamed({ provider: api, baseUrl, structured })
    expect(answer).toMatchObject({ code: 'model_unavailable' })
    expect(calls[0]?.outcome).toBe('too_large')
    // It wrote more than it was allowed to: what was heard counts, one for each character.
    expect(calls[0]?.outputTokens).toBeGreaterThan(31_000)
    expect(parts).toEqual([])
  })

  it('lets timers run between its pieces', async () => {
    provider.answerWith(() => ({
      answered: true,
      sentences: Array.from('一二三四五六七八', (text) => ({ text })),
    }))
    const { model } = await openTestModel({
      model: { provider: 'openai', baseUrl: provider.baseUrl, name: 'small', apiKey: 'sk-1' },
    })
    let heard = 0
    const heardMeanwhile: number[] = []
    await model.ask({
      ...{ purpose: 'answer', instructions: 'Answer.', material: [{ name: 'question', text: '几' }], schema },
      whileWritten: () => {
        heard += 1
        setImmediate(() => heardMeanwhile.push(heard))
      },
    })
    expect(heardMeanwhile).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})

describe('a draft that is refused as a whole', () => {
  const sentence = { text: '退款在七天内到账', sources: ['refund'] }
  const shownOf = async (sentences: readonly unknown[]): Promise<readonly string[]> => {
    provider.answerWith(() => ({ answered: true, sentences }))
    const { model } = await openTestModel({
      model: { provider: 'openai', baseUrl: provider.baseUrl, name: 'small', apiKey: 'sk-1' },
    })
    const shown: string[] = []
    const answer = createAnswer({ model, purpose: 'answer', log: createTestChannelHost().log })
    const passages = [{ articleId: 'refund', question: '退款多久到账', text: '退款在七天内到账。' }]
    const asked = { conversationId: 'c', language: 'zh', text: '退款几天到', context: {}, passages } as const
    // Whether it is an answer is told elsewhere.
    await answer(asked, undefined, (text) => shown.push(text)).catch(() => undefined)
    return shown
  }

  it('because it is too long is not shown any more', async () => {
    const shown = await shownOf(Array.from({ length: 9 }, () => sentence))
    expect(shown).toHaveLength(9)
    expect(shown.slice(-2)).toEqual(['退款在七天内到账。'.repeat(8), ''])
  })

  it('because it is of another shape is not shown any more', async () => {
    expect(await shownOf([sentence, { ...sentence, text: 7 }])).toEqual(['退款在七天内到账。', ''])
  })
})

describe('a visitor of the web chat', () => {
  let product: Product
  beforeAll(async () => {
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-1', baseUrl: provider.baseUrl }
    product = await startProduct({
      llm: { model, answers: 'on', streaming: 'on' },
      // Nothing is sure enough to be given by itself.
      dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
    })
  })
  afterAll(() => product.dispose())

  const asks = async ({ second, talk }: { readonly second?: string; readonly talk?: Visitor } = {}) => {
    let sentence = ''
    const hold = createHold()
    provider.pauseWith(hold.pause)
    provider.answerWith((request) => {
      const [first, next] = quoted(request)
      sentence = first?.text ?? ''
      const sentences = [first, second === undefined ? (next ?? first) : { id: first?.id, text: second }]
      return { answered: true, sentences: sentences.map((one) => ({ text: one?.text, sources: [one?.id] })) }
    })
    const visitor = talk ?? (await createVisitor(product.app.url))
    visitor.says('我投的视频审核一般得等多久呀')
    await expect.poll(() => visitor.previews(), { message: 'nothing was shown' }).not.toEqual([])
    expect(visitor.previews()).toEqual([`${sentence}。`])
    // Only a preview so far: nothing was said.
    expect(visitor.heard().join('\n')).not.toContain(sentence)
    return { visitor, sentence, release: hold.release }
  }

  it('sees nothing where the model finds no answer', async () => {
    provider.answerWith(() => ({ answered: false, sentences: [] }))
    const visitor = await createVisitor(product.app.url)
    visitor.says('我投的视频审核一般得等多久呀')
    await visitor.hears('你想问的是下面哪一个')
    expect(visitor.previews()).toEqual([])
  })

  it('sees the sentences that stand while the rest is written, then the answer', async () => {
    const { visitor, sentence, release } = await asks()
    release()
    const said = await visitor.hears('以上内容由 AI 根据')
    expect(said).toContain(sentence)
    // What comes back from the log is the answer alone.
    await visitor.returns()
    expect(visitor.heard().filter((one) => one.includes(sentence))).toHaveLength(1)
  })

  it('sees it vanish where a later sentence falls, and hears what the rules say', async () => {
    const { visitor, sentence, release } = await asks({ second: '我们保证赔偿你十万元' })
    release()
    await visitor.hears('你想问的是下面哪一个')
    await expect.poll(() => visitor.previews().at(-1)).toBe('')
    expect(visitor.heard().join('\n')).not.toContain(sentence)
    expect(visitor.previews().join('\n')).not.toContain('十万')
  })
  it('sees it vanish at once when a person takes over, and hears nothing of it later', async () => {
    const talk = await createVisitor(product.app.url)
    talk.says('转人工')
    await talk.hears('T-')
    const agent = await product.agent()
    const { id } = await agent.finds(/转人工/)
    await agent.takes(id)
    await agent.solves(id)
    const { visitor, sentence, release } = await asks({ talk })
    await agent.takes(id)
    // The model still writes.
    await expect.poll(() => visitor.previews()).toEqual([`${sentence}。`, ''])
    release()
    await agent.replies(id, '我来回答你')
    product.clock.advance(60_000)
    await visitor.hears('我来回答你')
    expect(visitor.previews()).toEqual([`${sentence}。`, ''])
    expect(visitor.heard().join('\n')).not.toContain(sentence)
  })
})
