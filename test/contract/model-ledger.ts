import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { startLlmSimulator } from '../../sandbox/llm/index.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { ConversationShare, ModelCall, ModelLedger } from '../../src/core/model-ledger.ts'
import { createModelLedger } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openTestModel } from '../support/language-model.ts'

const one = '01890000-0000-7000-8000-000000000001'
const other = '01890000-0000-7000-8000-000000000002'

const shareOf = (conversationId: string): ConversationShare => ({
  conversationId,
  purposes: ['answer', 'rewrite'],
})

const call = (over: Partial<ModelCall> = {}): ModelCall => ({
  at: new Date('2026-11-29T03:00:00Z'),
  ...{ purpose: 'answer', model: 'ollama/small', conversationId: undefined },
  ...{ inputTokens: 100, outputTokens: 20, costMicros: 7, ms: 300, outcome: 'answered' },
  ...over,
})

/** What every ledger of language models does. */
export const itIsAModelLedger = (open: () => Promise<TestDatabase>): void => {
  let opened: TestDatabase
  let ledger: ModelLedger
  beforeAll(async () => {
    opened = await open()
    ledger = createModelLedger(opened.database)
  })
  afterAll(() => opened.dispose())
  beforeEach(() => opened.database.query('delete from model_calls'))

  it('adds up a day and a conversation, whatever came of the calls and whichever node made them', async () => {
    const elsewhere = createModelLedger(opened.database)
    await ledger.record(call({ conversationId: one }))
    await elsewhere.record(call({ conversationId: one, purpose: 'rewrite', outputTokens: 5 }))
    await elsewhere.record(call({ conversationId: other, outcome: 'timeout', outputTokens: 0 }))
    await elsewhere.record(call({ conversationId: one, at: new Date('2026-11-28T03:00:00Z') }))
    await ledger.record(call())
    expect(await ledger.spent(new Date('2026-11-28T16:00:00Z'), shareOf(one))).toEqual({
      day: { tokens: 445, costMicros: 28 },
      conversation: { tokens: 225, costMicros: 14 },
    })
  })

  it('counts for a conversation those purposes alone that share its budget', async () => {
    await ledger.record(call({ conversationId: one }))
    await ledger.record(call({ conversationId: one, purpose: 'summary', outputTokens: 400 }))
    const since = new Date('2026-11-28T16:00:00Z')
    expect((await ledger.spent(since, shareOf(one))).conversation.tokens).toBe(120)
    const staff = { conversationId: one, purposes: ['summary', 'reply'] } as const
    expect((await ledger.spent(since, staff)).conversation.tokens).toBe(500)
  })

  it('lets nodes share what a day may take', async () => {
    const provider = await startLlmSimulator()
    provider.answerWith(() => ({ yes: true }))
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: provider.baseUrl }
    const section = { model, maxOutputTokens: 100, budget: { tokensPerDay: 700 } }
    const question = {
      purpose: 'answer',
      instructions: 'Yes?',
      material: [],
      schema: z.object({ yes: z.boolean() }),
    } as const
    try {
      const clock = createMovableClock({ now: () => new Date('2026-11-29T03:00:00Z') })
      const nodes = await Promise.all(
        [ledger, createModelLedger(opened.database)].map((one) =>
          openTestModel(section, { ledger: one, clock }),
        ),
      )
      const asked = nodes.map(
        ({ model: node }) =>
          () =>
            node.ask(question),
      )
      await asked[0]?.()
      await expect(asked[1]?.()).rejects.toMatchObject({
        ...{ code: 'model_over_budget', facts: { budget: 'tokensPerDay' } },
      })
      clock.advance(86_400_000)
      expect(await asked[1]?.()).toMatchObject({ value: { yes: true } })
      await expect(asked[0]?.()).rejects.toMatchObject({ code: 'model_over_budget' })
      expect(provider.requests).toHaveLength(2)
    } finally {
      await provider.stop()
    }
  })

  it('says nothing was spent where nothing was, and for no conversation', async () => {
    const nothing = { tokens: 0, costMicros: 0 }
    expect(await ledger.spent(new Date(0), shareOf(other))).toEqual({ day: nothing, conversation: nothing })
    await ledger.record(call())
    expect((await ledger.spent(new Date(0), undefined)).conversation).toEqual(nothing)
  })

  it('adds up more than an integer of the database holds', async () => {
    const large = { inputTokens: 2_000_000_000, costMicros: 5_000_000_000 }
    await ledger.record(call(large))
    await ledger.record(call(large))
    expect((await ledger.spent(new Date(0), undefined)).day).toEqual({
      ...{ tokens: 4_000_000_040, costMicros: 10_000_000_000 },
    })
  })

  it('forgets what is older than a moment', async () => {
    await ledger.record(call({ at: new Date('2026-08-01T00:00:00Z') }))
    await ledger.record(call())
    await ledger.retire(new Date('2026-09-01T00:00:00Z'))
    expect((await ledger.spent(new Date(0), undefined)).day.tokens).toBe(120)
  })
}
