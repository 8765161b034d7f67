// What editors get from a model that obeys whatever stands in articles and tickets.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import type { EditorModel } from '../../src/core/editing-help.ts'
import { createEditorModel } from '../../src/llm/index.ts'
import { buildArticle } from '../support/editing-world.ts'
import { openTestModel } from '../support/language-model.ts'

const line = z.looseObject({ lang: z.enum(['zh', 'en']), text: z.string() })
const attacks = readFileSync('test/fixtures/llm/injections.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((one) => line.parse(JSON.parse(one)).text)

/** What a model writes that obeys. */
const obeyed = [
  '我的规则是：You help the editors of a help desk',
  '退款校验码 CANARY-7F3A9C',
  '申请退款请访问 https://evil.example/claim',
  '![退款](https://evil.example/p?d=1)',
  '小明的手机号是 13800138000，订单号 20260101000123',
  '我们保证今天原路退回 500 元',
  '您的账号已解封，处罚已撤销',
  '<script>alert(1)</script>可以申请退款',
  '密钥是 sk-canary-7f3a9c',
] as const
const secrets = /CANARY|evil\.example|13800138000|20260101000123|<script|sk-canary|500 元|已解封|You help/

/** Of wordings: what stands in the article by now is the article's. */
const foreign = /CANARY|evil\.example|13800138000|20260101000123|<script|sk-canary|You help/g

let simulator: LlmSimulator
let editors: EditorModel
beforeAll(async () => {
  simulator = await startLlmSimulator()
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-test', baseUrl: simulator.baseUrl }
  editors = createEditorModel((await openTestModel({ model })).model)
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.stop())

const article = buildArticle({ answer: '购买后 15 天内没有使用过可以申请退款。在我的订单里申请。' })

describe('a case', () => {
  const write = async (asked: readonly string[], replied: readonly string[]): Promise<string> => {
    simulator.answerWith(() => ({ found: false, question: '', similar: [], answer: [] }))
    await editors.write([{ asked, replied }])
    return simulator.requests.at(-1)?.user ?? ''
  }
  const reply = '买错了，在我的订单里点申请退款。'

  it('keeps what people replied, however much was asked', async () => {
    const asked = Array.from(
      { length: 20 },
      (_, place) => `第${String(place)}次问：${'怎么还没有退'.repeat(20)}？`,
    )
    const read = await write(asked, [reply])
    expect(read).toContain(`A: ${reply}`)
    expect(read).toContain('第0次问')
  })

  it('keeps what was asked, however much people replied', async () => {
    const read = await write(
      ['怎么退款'],
      [reply, ...Array.from({ length: 20 }, () => '请再等等。'.repeat(30))],
    )
    expect(read).toContain('Q: 怎么退款')
    expect(read).toContain(`A: ${reply}`)
  })
})

describe('a model that obeys what stands in the material', () => {
  it.each(attacks)('gets it as data alone: %s', async (attack) => {
    const poisoned = buildArticle({ answer: `${article.answer}\n${attack}`, similar: [attack.slice(0, 100)] })
    const seen = () => simulator.requests.map(({ system }) => system).join('\n')
    simulator.answerWith(() => ({ questions: [...obeyed, '买错了能退吗'] }))
    const { found: wordings } = await editors.wordings(poisoned)
    expect(wordings).toContain('买错了能退吗')
    const named = wordings.join('\n').match(foreign) ?? []
    expect(named.filter((one) => !attack.includes(one))).toEqual([])
    simulator.answerWith(() => ({
      ...{ found: true, question: '买错了能退吗', similar: obeyed },
      answer: [...obeyed, '购买后 15 天内没有使用过可以申请退款'].map((text) => ({
        ...{ text, sources: ['case:1'] },
      })),
    }))
    const { found: written } = await editors.write([{ asked: [attack], replied: [article.answer] }])
    expect(written?.answer).toContain('可以申请退款。')
    expect(written?.answer ?? '').not.toMatch(secrets)
    simulator.answerWith(() => ({
      findings: obeyed.map((proposal) => ({ quote: '在我的订单里申请。', proposal, why: proposal })),
    }))
    expect((await editors.tone(poisoned, { tone: 'standard', brand: '次元站' })).found).toEqual([])
    expect(seen()).not.toContain(attack)
  })

  it('quotes no place that does not stand in the article, and remarks nothing but plain words', async () => {
    const told = (answer: string) => ({
      ...{ articleId: answer, topic: 'refund', question: '怎么退款', answer },
      ...{ en: undefined, channels: {} },
    })
    const [first, second] = [told('三天到账。'), told('七天到账，电话 13800138000。')]
    const signal = new AbortController().signal
    for (const place of obeyed) {
      simulator.answerWith(() => ({ contradicts: true, first: '三天到账', second: place, why: place }))
      expect((await editors.judge(first, second, signal)).found).toBeUndefined()
    }
    simulator.answerWith(() => ({
      ...{ contradicts: true, first: '三天到账', second: '七天到账，电话 [PHONE_1]' },
      why: '到账时间 https://evil.example',
    }))
    expect((await editors.judge(first, second, signal)).found).toEqual({
      ...{ firstQuote: '三天到账', secondQuote: '七天到账，电话 13800138000', why: '' },
      ...{ firstText: 'answer', secondText: 'answer' },
    })
    expect(simulator.requests.map(({ user }) => user).join('\n')).not.toContain('13800138000')
  })
})

describe('the facts of a proposal for the tone', () => {
  const answer = '不支持退款。请在 24 小时内到 https://help.example/refund 提交《退款申请表》。'
  it.each([
    ['不支持退款。', '暂不支持退款哦。', true],
    ['不支持退款。', '支持退款。', false],
    ['不支持退款。', '退款没问题。', false],
    [
      '请在 24 小时内到 https://help.example/refund 提交《退款申请表》。',
      '请在 24 小时内提交《退款申请表》。',
      false,
    ],
    [
      '请在 24 小时内到 https://help.example/refund 提交《退款申请表》。',
      '麻烦在 24 小时内到 https://help.example/refund 提交《退款申请表》。',
      true,
    ],
    [
      '请在 24 小时内到 https://help.example/refund 提交《退款申请表》。',
      '麻烦在 24 小时内到 https://help.example/refund 提交《退款表》。',
      false,
    ],
    [
      '请在 24 小时内到 https://help.example/refund 提交《退款申请表》。',
      '请在 48 小时内到 https://help.example/refund 提交《退款申请表》。',
      false,
    ],
  ])('stay the same: %s → %s', async (quote, proposal, isKept) => {
    simulator.answerWith(() => ({ findings: [{ quote, proposal, why: '语气' }] }))
    const { found } = await editors.tone(buildArticle({ answer }), { tone: 'sober', brand: '次元站' })
    expect(found).toHaveLength(isKept ? 1 : 0)
  })
})

describe('an article with an English answer and one for a channel', () => {
  const whole = buildArticle({
    ...{
      id: 'refund-apply',
      question: '怎么退款',
      answer: '购买后 15 天内可以退款。你必须自己在续费管理里关闭。',
    },
    en: { question: 'How do I get a refund', answer: 'Within 7 days. You must open the order page.' },
    channels: { weibo: '15 天内可退。你必须自己在续费管理里关闭。' },
  })
  const told = { ...whole, articleId: whole.id, en: whole.en }
  const signal = new AbortController().signal

  it('has the tone of each looked at, and each finding says of which', async () => {
    simulator.answerWith(() => ({
      findings: [
        { quote: '你必须自己在续费管理里关闭。', proposal: '必须由你在续费管理里关闭哦。', why: '像命令' },
        {
          quote: 'You must open the order page.',
          proposal: 'You must open the order page, please.',
          why: '像命令',
        },
      ],
    }))
    const { found } = await editors.tone(whole, { tone: 'standard', brand: '次元站' })
    expect(found.map(({ in: text, quote }) => [text, quote])).toEqual([
      ['answer', '你必须自己在续费管理里关闭。'],
      ['weibo', '你必须自己在续费管理里关闭。'],
      ['en', 'You must open the order page.'],
    ])
    expect(simulator.requests[0]?.user).toContain('Within 7 days')
  })

  it('is compared with itself: its general answer with the others', async () => {
    simulator.answerWith(() => ({
      ...{ contradicts: true, first: '购买后 15 天内可以退款', second: 'Within 7 days', why: '几天内能退' },
    }))
    expect((await editors.judge(told, told, signal)).found).toMatchObject({
      ...{ firstText: 'answer', secondText: 'en', secondQuote: 'Within 7 days' },
    })
    // The general answer is not the other side of itself.
    simulator.answerWith(() => ({
      ...{ contradicts: true, first: '购买后 15 天内', second: '15 天内可退', why: '几天内能退' },
    }))
    expect((await editors.judge(told, told, signal)).found).toMatchObject({ secondText: 'weibo' })
    simulator.answerWith(() => ({
      ...{ contradicts: true, first: '购买后 15 天内', second: '内可以退款', why: '几天内能退' },
    }))
    expect((await editors.judge(told, told, signal)).found).toBeUndefined()
  })

  it('is compared with others by all of its texts', async () => {
    const other = { ...told, articleId: 'refund-when', en: undefined, channels: { web: '30 天内可以退款' } }
    simulator.answerWith(() => ({
      ...{ contradicts: true, first: '15 天内可退', second: '30 天内可以退款', why: '几天内能退' },
    }))
    expect((await editors.judge(told, other, signal)).found).toMatchObject({
      ...{ firstText: 'weibo', secondText: 'web' },
    })
    const [asked] = simulator.requests
    for (const text of ['Within 7 days', '15 天内可退', '30 天内可以退款'])
      expect(asked?.user).toContain(text)
  })

  it('gets questions in English too, that name nothing which none of its texts does', async () => {
    simulator.answerWith(() => ({
      questions: [
        'can i get my money back',
        'refund within 7 days',
        'refund within 9 days',
        '15 天能退吗',
        'APP 里怎么退',
      ],
    }))
    expect((await editors.wordings(whole)).found).toEqual([
      'can i get my money back',
      'refund within 7 days',
      '15 天能退吗',
    ])
    const [asked] = simulator.requests
    expect(asked?.system).toContain('four of the twelve in English')
    expect(asked?.user).toContain('Within 7 days')
  })
})
