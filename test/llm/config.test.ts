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

  describe('the address of a model', () => {
    const at = (baseUrl: string, which = 'model') => {
      const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary' }
      return which === 'model' ? { model: { ...model, baseUrl } } : { model, fallback: { ...model, baseUrl } }
    }

    it.each([
      'https://api.deepseek.com/v1',
      'http://127.0.0.1:11434/v1',
      'http://localhost:11434/v1',
      'http://[::1]:11434/v1',
      'http://ollama:11434/v1',
      'http://192.168.1.9:8000/v1',
      'http://[fd00::7]:8000/v1',
      'http://host.docker.internal:11434/v1',
      'http://vllm.models.svc.cluster.local:8000/v1',
    ])('is taken: %s', (baseUrl) => {
      expect(faultsOf(at(baseUrl))).toEqual([])
    })

    it.each([
      'http://api.deepseek.com/v1',
      'http://8.8.8.8/v1',
      'http://134744072/v1',
      'http://169.254.169.254/v1',
      'http://[2001:4860:4860::8888]/v1',
      'http://[::ffff:8.8.8.8]/v1',
      'http://localhost.example.com/v1',
      'ftp://ollama/v1',
    ])('is refused: %s', (baseUrl) => {
      expect(faultsOf(at(baseUrl))).toEqual(['llm.model.baseUrl'])
      expect(faultsOf(at(baseUrl, 'fallback'))).toEqual(['llm.fallback.baseUrl'])
    })

    it('holds no user name and no password, and none is said again', () => {
      for (const baseUrl of ['https://me:pw-canary@api.example.com/v1', 'http://pw-canary@ollama:11434/v1']) {
        const parsed = parseConfig({ llm: at(baseUrl) })
        if (!('faults' in parsed)) throw new Error('it was taken')
        expect(parsed.faults).toMatchObject([
          { key: 'llm.model.baseUrl', expected: expect.stringContaining('apiKey') as unknown },
        ])
        expect(JSON.stringify(parsed.faults)).not.toContain('pw-canary')
      }
    })
  })

  it('shows no key', () => {
    const parsed = parseConfig({ llm: { model: { provider: 'openai', name: 'x', apiKey: 'sk-canary' } } })
    if (!('config' in parsed)) throw new Error('it was not taken')
    expect(JSON.stringify(maskConfig(parsed.config))).not.toContain('sk-canary')
  })
})
