import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import type { ModelCall } from '../../src/core/model-ledger.ts'
import { addModelMetrics } from '../../src/app/model-metrics.ts'

it('counts calls, tokens, costs and time of language models, and tells how their breakers stand', async () => {
  const registry = new Registry()
  const metrics = addModelMetrics(registry)
  const call: ModelCall = {
    ...{ at: new Date(), purpose: 'answer', model: 'ollama/small', conversationId: undefined },
    ...{ inputTokens: 100, outputTokens: 20, costMicros: 2_500_000, ms: 700, outcome: 'answered' },
  }
  metrics.called(call)
  metrics.called({ ...call, outcome: 'timeout', ms: 8_000 })
  metrics.withheld('summary', 'over_budget')
  metrics.watch(() => [{ model: 'ollama/small', breaker: 'open', staff: { breaker: 'closed' } }])
  const text = await registry.metrics()
  for (const line of [
    'tongda_llm_calls_total{purpose="answer",model="ollama/small",outcome="timeout"} 1',
    'tongda_llm_tokens_total{purpose="answer",model="ollama/small",direction="in"} 200',
    'tongda_llm_cost_total{purpose="answer",model="ollama/small"} 5',
    'tongda_llm_call_seconds_sum{model="ollama/small"} 8.7',
    'tongda_llm_withheld_total{purpose="summary",reason="over_budget"} 1',
    'tongda_llm_breaker{model="ollama/small",work="contacts",state="open"} 1',
    'tongda_llm_breaker{model="ollama/small",work="staff",state="open"} 0',
    'tongda_llm_breaker{model="ollama/small",work="contacts",state="closed"} 0',
  ])
    expect(text).toContain(line)
})
