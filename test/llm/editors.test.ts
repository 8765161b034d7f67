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
    const told = (answer: string) => ({ articleId: answer, topic: 'refund', question: '怎么退款', answer })
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
