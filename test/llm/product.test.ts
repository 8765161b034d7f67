import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { scrape } from '../support/metrics.ts'
import { type Product, startProduct } from '../support/product.ts'

let simulator: LlmSimulator
let product: Product
beforeAll(async () => {
  simulator = await startLlmSimulator()
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
  product = await startProduct({ llm: { model } })
})
afterAll(async () => {
  await product.dispose()
  await simulator.stop()
})

it('starts with a language model, tells how it fares, and asks it nothing by itself', async () => {
  const told = await scrape(product.app.url)
  expect(told.value('tongda_llm_breaker', { model: 'openai/small', work: 'contacts', state: 'closed' })).toBe(
    1,
  )
  expect(told.families.has('tongda_llm_calls_total')).toBe(true)
  expect(simulator.connections()).toBe(0)
})
