// The whole product with a model that answers at once, or never: what contacts are told, by which way, and how often.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { type Product, startProduct, type WechatContact } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'
import { quoted } from './written.ts'

const question = '我投的视频审核一般得等多久呀'
const asksBack = '你想问的是下面哪一个'
const byMachine = '以上内容由 AI 根据'

let simulator: LlmSimulator
beforeAll(async () => {
  simulator = await startLlmSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.stop())

/** With a model that helps wherever it may, everything else of it as it comes. */
const start = (more: Record<string, unknown> = {}): Promise<Product> =>
  startProduct({
    llm: {
      model: { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl },
      answers: 'on',
      rewrites: 'on',
    },
    // Nothing is sure enough to be given by itself.
    dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
    ...more,
  })

describe('a reply that rides on WeChat’s request', () => {
  let product: Product
  beforeAll(async () => {
    product = await start()
  })
  afterAll(() => product.dispose())

  /** What was said to a contact by now, and by which way it came. */
  const told = (contact: WechatContact) =>
    product.wechat
      .transcript(contact.openid)
      .filter(({ source }) => source !== 'user')
      .map(({ source }, place) => ({ source, text: contact.heard()[place] ?? '' }))

  it('is the model’s answer where it is fast', async () => {
    let sentence = ''
    simulator.answerWith((request) => {
      const [found] = quoted(request)
      sentence = found?.text ?? ''
      return { answered: true, sentences: [{ text: sentence, sources: [found?.id] }] }
    })
    const contact = product.contact()
    await contact.says(question)
    await contact.hears(byMachine)
    const lines = told(contact)
    expect(lines.map(({ source }) => source)).toEqual(['passive'])
    expect(sentence).not.toBe('')
    expect(lines[0]?.text).toContain(sentence)
  })

  it('is what is said without a model where it is slow, and nothing comes after it', async () => {
    simulator.misbehave('hang')
    const contact = product.contact()
    await contact.says(question)
    await contact.hears(asksBack)
    expect(simulator.requests.length).toBeGreaterThan(0)
    // What follows on it comes after whatever else was on its way.
    await contact.says('谢谢')
    await expect.poll(() => told(contact).length).toBeGreaterThan(1)
    const [first, ...others] = told(contact)
    expect(first?.source).toBe('passive')
    for (const text of others.map((line) => line.text)) expect(text).not.toContain(asksBack)
    expect(contact.heard().join('\n')).not.toContain(byMachine)
  })
})

describe('with everything as it comes, a model that hangs', () => {
  let product: Product
  beforeAll(async () => {
    product = await start({ router: {} })
  })
  afterAll(() => product.dispose())

  it('ends in what is said without it', async () => {
    simulator.misbehave('hang')
    const visitor = await createVisitor(product.app.url)
    visitor.says(question)
    await visitor.hears(asksBack)
    expect(simulator.requests.length).toBeGreaterThan(0)
    expect(visitor.heard().filter((text) => text.includes(asksBack))).toHaveLength(1)
    expect(visitor.heard().join('\n')).not.toContain(byMachine)
  })
})
