import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { checkAnswerTime, checkLanguageModels, checkToolsForModel } from '../../src/app/language-model.ts'
import { parseConfig } from '../../src/config.ts'
import { llmConfig } from '../../src/llm/index.ts'

let simulator: LlmSimulator
beforeAll(async () => {
  simulator = await startLlmSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.stop())

const key = 'sk-canary-doctor'
const sectionOf = (name = 'small') => ({
  model: { provider: 'openai', name, apiKey: key, baseUrl: simulator.baseUrl },
  // What a day may take has nothing to do with whether the model answers.
  budget: { tokensPerDay: 0 },
})
const look = (section: unknown) => checkLanguageModels({ llm: llmConfig.parse(section) })

it('says nothing where there is to be none', async () => {
  expect(await look({})).toEqual([])
})

it.each([
  [{ answers: 'on', editing: 'on' }, /llm\.answers .*llm\.model; llm\.editing .*llm\.model/],
  [{ streaming: 'on' }, undefined],
])('says what is switched on in vain without a model: %j', async (llm, fix) => {
  const expected = { passed: false, fix: expect.stringMatching(fix ?? /./) as unknown }
  expect(await look(llm)).toMatchObject(fix === undefined ? [] : [expected])
})

it('says what is switched on in vain with one', async () => {
  simulator.answerWith(() => ({ yes: true }))
  const [check, ...others] = await look({ ...sectionOf(), streaming: 'on', summaries: 'on-handover' })
  const fix = expect.stringMatching(/streaming .*llm\.answers: on; .*summaries.*llm\.assist: on/) as unknown
  expect(check).toMatchObject({ passed: false, fix })
  expect(others).toMatchObject([{ passed: true }])
  expect(await look({ ...sectionOf(), answers: 'on', streaming: 'on' })).toMatchObject([{ passed: true }])
})

it('passes models that answer, the second one too', async () => {
  simulator.answerWith(() => ({ yes: true }))
  const fallback = { ...sectionOf().model, name: 'other' }
  expect(await look({ ...sectionOf(), fallback })).toMatchObject([
    { title: expect.stringContaining('openai/small') as unknown, passed: true },
    { title: expect.stringContaining('openai/other') as unknown, passed: true },
  ])
})

it.each([
  ['unauthorized', /401.*apiKey/],
  ['rate_limited', /429.*credit/],
  ['prose', /structured/],
  ['reset', /baseUrl/],
] as const)('says what to do: %s', async (fault, fix) => {
  simulator.misbehave(fault)
  const [check] = await look(sectionOf())
  expect(check).toMatchObject({ passed: false, fix: expect.stringMatching(fix) as unknown })
  expect(JSON.stringify(check)).not.toContain(key)
})

it('tells of a model that has a bill and no price, where costs are capped', async () => {
  simulator.answerWith(() => ({ yes: true }))
  const priced = { ...sectionOf().model, inputPrice: 2 }
  const budget = { tokensPerDay: 0, costPerDay: 5 }
  const other = { ...sectionOf().model, name: 'other' }
  const remark = expect.stringMatching(/llm\.fallback.*inputPrice/) as unknown
  expect(await look({ model: priced, fallback: other, budget })).toMatchObject([
    { title: expect.stringContaining('openai/other') as unknown, passed: true, remark },
    { passed: true },
    { passed: true },
  ])
  const answering = await look({ model: priced, fallback: { ...other, outputPrice: 1 }, budget })
  expect(answering.map(({ remark: told }) => told)).toEqual([undefined, undefined])
})

describe('a tool whose result a model may read', () => {
  const tools = {
    http: {
      'order-status': {
        ...{ title: { zh: '查订单', en: 'Order status' }, url: 'https://orders.example.com/orders' },
        ...{
          changesState: false,
          intents: ['order-mall'],
          parameters: { type: 'object' },
          shows: ['status'],
        },
        toModel: true,
      },
    },
  }
  const told = (llm: object) => {
    const parsed = parseConfig({ tools, llm })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    return checkToolsForModel(parsed.config)
  }

  it('is told of where no model answers', () => {
    const model = { provider: 'ollama', name: 'small' }
    const title = expect.stringContaining('tools.http.order-status') as unknown
    const remark = expect.stringContaining('llm.answers: on') as unknown
    expect(told({ model, rewrites: 'on' })).toMatchObject([{ title, passed: true, remark }])
    expect(told({ model, answers: 'on' })).toEqual([])
  })
})

describe('the wait for further pieces, where a model answers', () => {
  const model = { provider: 'ollama', name: 'small' }
  const waiting = (router: object, llm: object = { model, answers: 'on' }) => {
    const parsed = parseConfig({ router, llm })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    return checkAnswerTime(parsed.config)
  }

  it.each([
    [
      { settleMs: 10_000, settleMaxMs: 30_000 },
      { model, answers: 'on' },
    ],
    [{ settleMs: 1_600 }, { model, rewrites: 'on' }],
  ])('is told of when an answer may come after eight seconds: %j', (router, llm) => {
    const remark = expect.stringMatching(/router\.settleMs.*1500/) as unknown
    expect(waiting(router, llm)).toMatchObject([{ passed: true, remark }])
  })

  it.each([
    [{}, { model, answers: 'on' }],
    [
      { settleMs: 1_500, settleMaxMs: 30_000 },
      { model, answers: 'on' },
    ],
    [
      { settleMs: 10_000, settleMaxMs: 1_500 },
      { model, answers: 'on' },
    ],
    [{ settleMs: 10_000 }, { model, assist: 'on' }],
    [{ settleMs: 10_000 }, { answers: 'on' }],
  ])('is not spoken of when it comes in time, or nobody writes answers: %j, %j', (router, llm) => {
    expect(waiting(router, llm)).toEqual([])
  })
})
