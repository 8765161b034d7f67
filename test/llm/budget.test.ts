// What may be spent on language models.
import { describe, expect, it } from 'vitest'
import { createMemoryLedger } from '../../src/llm/index.ts'
import { openTestModel } from '../support/language-model.ts'
import { at, codeOf, good, openTwoModels, request } from './two-models.ts'

const two = openTwoModels()

describe('the budget', () => {
  const conversationId = '01890000-0000-7000-8000-000000000001'
  const other = '01890000-0000-7000-8000-000000000002'

  it('of a conversation is kept, and the others go on', async () => {
    const { model, withheld } = await openTestModel({
      model: at(two.first.baseUrl),
      maxOutputTokens: 100,
      budget: { tokensPerConversation: 1_000 },
    })
    await model.ask({ ...request, conversationId })
    const over = await codeOf(model.ask({ ...request, conversationId }))
    expect(over).toMatchObject({ code: 'model_over_budget', facts: { budget: 'tokensPerConversation' } })
    expect(withheld).toEqual(['answer over_budget'])
    await model.ask({ ...request, conversationId: other })
    expect(two.first.requests).toHaveLength(2)
  })

  it('of what a conversation costs is kept for a day', async () => {
    const { model, clock } = await openTestModel({
      ...{ model: at(two.first.baseUrl, { inputPrice: 1_000, outputPrice: 1_000 }), maxOutputTokens: 100 },
      budget: { costPerConversation: 1 },
    })
    await model.ask({ ...request, conversationId })
    const over = await codeOf(model.ask({ ...request, conversationId }))
    expect(over).toMatchObject({ code: 'model_over_budget', facts: { budget: 'costPerConversation' } })
    await model.ask({ ...request, conversationId: other })
    clock.advance(86_400_000)
    await model.ask({ ...request, conversationId })
    expect(two.first.requests).toHaveLength(3)
  })

  it('of a conversation is not used up for its contact by agents, nor for them by the contact', async () => {
    const { model } = await openTestModel({
      ...{ model: at(two.first.baseUrl), maxOutputTokens: 100, budget: { tokensPerConversation: 1_000 } },
    })
    const summary = { ...request, purpose: 'summary', conversationId } as const
    await model.ask(summary)
    expect((await codeOf(model.ask(summary))).code).toBe('model_over_budget')
    await model.ask({ ...request, conversationId })
    expect((await codeOf(model.ask({ ...request, conversationId }))).code).toBe('model_over_budget')
    expect(two.first.requests).toHaveLength(2)
  })

  it('counts what could not be written down, until the day is over', async () => {
    const kept = createMemoryLedger()
    const ledger = { ...kept, record: () => Promise.reject(new Error('no database')) }
    const { model, clock, logged } = await openTestModel(
      { model: at(two.first.baseUrl), maxOutputTokens: 100, budget: { tokensPerConversation: 1_000 } },
      { ledger },
    )
    await model.ask({ ...request, conversationId })
    expect(logged()).toContain('was not recorded')
    expect((await codeOf(model.ask({ ...request, conversationId }))).code).toBe('model_over_budget')
    clock.advance(86_400_000)
    expect((await model.ask({ ...request, conversationId })).value).toEqual(good)
  })

  it('of a day is kept until the next one', async () => {
    const { model, clock } = await openTestModel({
      model: at(two.first.baseUrl, { inputPrice: 1_000, outputPrice: 1_000 }),
      budget: { costPerDay: 1.6 },
    })
    await model.ask(request)
    const over = await codeOf(model.ask(request))
    expect(over).toMatchObject({ code: 'model_over_budget', facts: { budget: 'costPerDay' } })
    clock.advance(86_400_000)
    await model.ask(request)
    expect(two.first.requests).toHaveLength(2)
  })

  it('holds for calls at once', async () => {
    const { model } = await openTestModel({ model: at(two.first.baseUrl), budget: { tokensPerDay: 1_700 } })
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => model.ask(request)))
    expect(two.first.requests.length).toBeLessThanOrEqual(1)
    expect(asked.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(7)
  })

  it('cannot be read: nothing is asked', async () => {
    const ledger = {
      record: () => Promise.resolve(),
      retire: () => Promise.resolve(),
      spent: () => Promise.reject(new Error('no database')),
    }
    const { model } = await openTestModel({ model: at(two.first.baseUrl) }, { ledger })
    expect((await codeOf(model.ask(request))).code).toBe('model_unavailable')
    expect(two.first.requests).toHaveLength(0)
  })
})
