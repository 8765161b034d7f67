// The whole product with a language model that answers from its articles.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { type Product, startProduct } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'
import { quoted } from './written.ts'

let simulator: LlmSimulator
let product: Product
beforeAll(async () => {
  simulator = await startLlmSimulator()
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
  product = await startProduct({
    llm: { model, answers: 'on' },
    // Nothing is sure enough to be given by itself.
    dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
  })
})
afterAll(async () => {
  await product.dispose()
  await simulator.stop()
})

it('answers a visitor from an article and says that a machine wrote it; else it asks back', async () => {
  let sentence = ''
  simulator.answerWith((request) => {
    const [found] = quoted(request)
    sentence = found?.text ?? ''
    return { answered: true, sentences: [{ text: sentence, sources: [found?.id] }] }
  })
  const visitor = await createVisitor(product.app.url)
  visitor.says('我投的视频审核一般得等多久呀')
  const said = await visitor.hears('以上内容由 AI 根据')
  expect(sentence).not.toBe('')
  expect(said).toContain(sentence)
  simulator.misbehave('broken')
  const other = await createVisitor(product.app.url)
  other.says('我投的视频审核一般得等多久呀')
  await other.hears('你想问的是下面哪一个')
  expect(other.heard().join('\n')).not.toContain('以上内容由 AI')
})
