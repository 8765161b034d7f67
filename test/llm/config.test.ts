import { describe, expect, it } from 'vitest'
import { maskConfig, parseConfig } from '../../src/config.ts'

const faultsOf = (llm: unknown): readonly string[] => {
  const parsed = parseConfig({ llm })
  return 'faults' in parsed ? parsed.faults.map(({ key }) => key) : []
}

describe('the section llm', () => {
  it('is off by default', () => {
    const parsed = parseConfig({})
    expect('config' in parsed && parsed.config.llm.model).toBeUndefined()
  })

  it('takes a model on this machine without a key', () => {
    expect(faultsOf({ model: { provider: 'ollama', name: 'qwen3:8b' } })).toEqual([])
  })

  it('names every fault at once', () => {
    expect(
      faultsOf({
        model: { provider: 'deepseek', name: 'deepseek-chat' },
        timeoutMs: 60_000,
        budget: { tokensPerDay: -1 },
      }),
    ).toEqual(expect.arrayContaining(['llm.model.apiKey', 'llm.timeoutMs', 'llm.budget.tokensPerDay']))
    expect(faultsOf({ fallback: { provider: 'ollama', name: 'small' } })).toEqual(['llm.model'])
  })

  it('wants a price where costs are capped', () => {
    const model = { provider: 'ollama', name: 'small' }
    const priced = { ...model, outputPrice: 3 }
    for (const budget of [{ costPerDay: 5 }, { costPerConversation: 0 }]) {
      expect(faultsOf({ model, budget })).toEqual(['llm.model.inputPrice'])
      expect(faultsOf({ model, fallback: priced, budget })).toEqual([])
      expect(faultsOf({ model: priced, budget })).toEqual([])
    }
    expect(faultsOf({ model, budget: { tokensPerDay: 5 } })).toEqual([])
  })

  it('shows no key', () => {
    const parsed = parseConfig({ llm: { model: { provider: 'openai', name: 'x', apiKey: 'sk-canary' } } })
    if (!('config' in parsed)) throw new Error('it was not taken')
    expect(JSON.stringify(maskConfig(parsed.config))).not.toContain('sk-canary')
  })
})
