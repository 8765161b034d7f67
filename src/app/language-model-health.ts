import type { HealthReading, LanguageModelsHealth } from '../core/health.ts'
import { startOfDayIn } from './language-model.ts'
import type { Parts } from './parts.ts'

type Needed = Pick<Parts, 'config' | 'clock' | 'languageModel' | 'languageModelProblem'> & {
  readonly stores: Pick<Parts['stores'], 'modelLedger'>
}

const costOf = (micros: number): number => micros / 1_000_000

/** Makes what looks at the configured language models; undefined where none is configured. */
export const lookAtLanguageModel = (
  { config, clock, stores, languageModel, languageModelProblem: problem }: Needed,
  reading: Pick<HealthReading, 'modelFaults'>,
): (() => Promise<LanguageModelsHealth>) | undefined => {
  const { model, fallback, budget } = config.llm
  if (model === undefined) return undefined
  const startOfDay = startOfDayIn(config.dialogue.timezone)
  const unused = [model, ...(fallback === undefined ? [] : [fallback])].map(({ provider, name }) => ({
    model: `${provider}/${name}`,
  }))
  return async () => {
    const now = clock.now()
    const { day } = await stores.modelLedger.spent(startOfDay(now), undefined)
    const faults = await reading.modelFaults(now)
    return {
      models: (languageModel?.standings() ?? unused).map((standing) => {
        const fault = faults.find(({ model: name }) => name === standing.model)
        if (fault === undefined) return standing
        return { ...standing, lastFault: { at: fault.at, outcome: fault.outcome } }
      }),
      ...(problem === undefined ? {} : { problem }),
      today: {
        ...{ tokens: day.tokens, tokensLimit: budget.tokensPerDay, cost: costOf(day.costMicros) },
        ...(budget.costPerDay === undefined ? {} : { costLimit: budget.costPerDay }),
      },
    }
  }
}
