import { Counter, Histogram, type Registry } from 'prom-client'
import type { ModelStanding, ModelWatch } from '../llm/index.ts'
import { addGauge } from './gauges.ts'

/** Who is told of language models, and how their standing is read once there are some. */
export interface ModelMetrics extends ModelWatch {
  readonly watch: (standings: () => readonly ModelStanding[]) => void
}

const buckets = [0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 15, 30, 60]

const addCounters = (registry: Registry) => {
  const registers = [registry]
  const byModel = ['purpose', 'model'] as const
  return {
    calls: new Counter({
      name: 'tongda_llm_calls_total',
      help: 'Calls of language models by what they were for and what came of them.',
      labelNames: [...byModel, 'outcome'] as const,
      registers,
    }),
    withheld: new Counter({
      name: 'tongda_llm_withheld_total',
      help: 'Questions that went to no language model. over_budget: what may be spent is spent; left_alone: all have failed too often.',
      labelNames: ['purpose', 'reason'] as const,
      registers,
    }),
    tokens: new Counter({
      name: 'tongda_llm_tokens_total',
      help: 'Tokens that language models read and wrote; estimated where a provider does not say.',
      labelNames: [...byModel, 'direction'] as const,
      registers,
    }),
    cost: new Counter({
      name: 'tongda_llm_cost_total',
      help: 'What language models cost by the configured prices, in their currency.',
      labelNames: byModel,
      registers,
    }),
    seconds: new Histogram({
      name: 'tongda_llm_call_seconds',
      help: 'How long one call of a language model took, whatever came of it.',
      labelNames: ['model'] as const,
      buckets,
      registers,
    }),
  }
}

const states = ['closed', 'open', 'trying'] as const

/** Adds what is counted of language models; nothing shows before one is asked. */
export const addModelMetrics = (registry: Registry): ModelMetrics => {
  const { calls, withheld, tokens, cost, seconds } = addCounters(registry)
  return {
    called: ({ purpose, model, outcome, ms, inputTokens, outputTokens, costMicros }) => {
      calls.inc({ purpose, model, outcome })
      tokens.inc({ purpose, model, direction: 'in' }, inputTokens)
      tokens.inc({ purpose, model, direction: 'out' }, outputTokens)
      cost.inc({ purpose, model }, costMicros / 1_000_000)
      seconds.observe({ model }, ms / 1_000)
    },
    withheld: (purpose, reason) => withheld.inc({ purpose, reason }),
    watch: (standings) =>
      addGauge(
        registry,
        {
          name: 'tongda_llm_breaker',
          help: '1 for the state of a breaker of a language model on this node, 0 for the others. work: contacts, or staff (agents and editors). open: it is left alone; trying: the next call finds out whether it is well again.',
          labelNames: ['model', 'work', 'state'],
        },
        () =>
          standings().flatMap(({ model, breaker, staff }) =>
            Object.entries({ contacts: breaker, staff: staff.breaker }).flatMap(([work, now]) =>
              states.map((state) => [{ model, work, state }, state === now ? 1 : 0] as const),
            ),
          ),
      ),
  }
}
