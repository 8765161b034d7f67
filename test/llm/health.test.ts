// What the system's health says of the language models of a running product.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { type Product, startProduct } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'

let first: LlmSimulator
let second: LlmSimulator
let product: Product
beforeAll(async () => {
  first = await startLlmSimulator()
  second = await startLlmSimulator()
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: first.baseUrl }
  const prices = { inputPrice: 10_000, outputPrice: 10_000 }
  product = await startProduct({
    llm: {
      model,
      fallback: { ...model, ...prices, name: 'large', baseUrl: second.baseUrl },
      answers: 'on',
      breaker: { failures: 1, pauseMs: 3_600_000 },
      budget: { tokensPerDay: 5_000_000, costPerDay: 1_000_000, costPerConversation: 1_000_000 },
    },
    // Nothing is sure enough to be given by itself.
    dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
  })
})
afterAll(async () => {
  await product.dispose()
  await first.stop()
  await second.stop()
})

it('tells which models there are, which is left alone and why, and what the day has taken', async () => {
  const admin = await product.agent()
  expect(await admin.reads('/system/health')).toMatchObject({
    languageModel: {
      models: [
        { model: 'openai/small', breaker: 'closed' },
        { model: 'openai/large', breaker: 'closed' },
      ],
      today: { tokens: 0, tokensLimit: 5_000_000, cost: 0, costLimit: 1_000_000 },
    },
    unread: [],
  })
  first.misbehave('unauthorized')
  second.answerWith(() => ({ answered: false, sentences: [] }))
  const visitor = await createVisitor(product.app.url)
  visitor.says('我投的视频审核一般得等多久呀')
  await visitor.hears('你想问的是下面哪一个')
  const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown
  const told = await admin.reads('/system/health')
  expect(told).toMatchObject({
    languageModel: {
      models: [
        {
          ...{ model: 'openai/small', breaker: 'open', leftAloneUntil: moment, staff: { breaker: 'closed' } },
          lastFault: { at: moment, outcome: 'refused' },
        },
        { model: 'openai/large', breaker: 'closed' },
      ],
      today: { tokens: expect.any(Number) as unknown, tokensLimit: 5_000_000, costLimit: 1_000_000 },
    },
  })
  const { languageModel } = told as {
    languageModel: { models: readonly object[]; today: { tokens: number; cost: number } }
  }
  const { models, today } = languageModel
  expect(models[1]).not.toHaveProperty('lastFault')
  // Only the second took something, a hundredth for each token.
  expect(today.tokens).toBeGreaterThan(0)
  expect(today.cost).toBeCloseTo(today.tokens / 100, 5)
  expect(JSON.stringify(told)).not.toContain('sk-canary')
})
