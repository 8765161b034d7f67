import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ModelCall, ModelLedger } from '../../src/core/model-ledger.ts'
import { createModelLedger } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

const one = '01890000-0000-7000-8000-000000000001'
const other = '01890000-0000-7000-8000-000000000002'

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
    await elsewhere.record(call({ conversationId: other, outcome: 'timeout', outputTokens: 0 }))
    await elsewhere.record(call({ conversationId: one, at: new Date('2026-11-28T03:00:00Z') }))
    await ledger.record(call())
    expect(await ledger.spent(new Date('2026-11-28T16:00:00Z'), one)).toEqual({
      day: { tokens: 340, costMicros: 21 },
      conversation: { tokens: 240, costMicros: 14 },
    })
  })

  it('says nothing was spent where nothing was, and for no conversation', async () => {
    const nothing = { tokens: 0, costMicros: 0 }
    expect(await ledger.spent(new Date(0), other)).toEqual({ day: nothing, conversation: nothing })
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
