import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { ModelLedger, ModelSpending } from '../core/model-ledger.ts'
import type { LlmConfig } from './config.ts'

/** What a call that is under way may take at most; settled when it is over. */
export interface Reservation {
  /** Gives it back: what it took stands in the ledger, or nobody can tell and it stays reserved on this node. */
  readonly release: () => void
}

/** Says whether a call may be made. */
export interface Budget {
  /** Rejects with `model_over_budget`. */
  readonly reserve: (most: ModelSpending, conversationId: string | undefined) => Promise<Reservation>
}

interface Held extends ModelSpending {
  readonly conversationId: string | undefined
}

interface Limit {
  readonly what: string
  readonly key: string
  readonly limit: number | undefined
  readonly wanted: number
}

const micros = (cost: number | undefined): number | undefined =>
  cost === undefined ? undefined : Math.round(cost * 1_000_000)

const sum = (spendings: readonly ModelSpending[]): ModelSpending => ({
  tokens: spendings.reduce((total, { tokens }) => total + tokens, 0),
  costMicros: spendings.reduce((total, { costMicros }) => total + costMicros, 0),
})

const limitsOf = (
  budget: LlmConfig['budget'],
  day: ModelSpending,
  conversation: ModelSpending,
): readonly Limit[] => [
  { what: "the day's tokens", key: 'tokensPerDay', limit: budget.tokensPerDay, wanted: day.tokens },
  { what: "the day's costs", key: 'costPerDay', limit: micros(budget.costPerDay), wanted: day.costMicros },
  {
    what: "the conversation's tokens",
    key: 'tokensPerConversation',
    limit: budget.tokensPerConversation,
    wanted: conversation.tokens,
  },
  {
    what: "the conversation's costs",
    key: 'costPerConversation',
    limit: micros(budget.costPerConversation),
    wanted: conversation.costMicros,
  },
]

/**
 * Keeps to a budget: what the ledger says was spent, what is under way on this node and what a call may take at most must
 * not go beyond it. Other nodes' calls count once they are over.
 */
export const createBudget = (
  { budget }: Pick<LlmConfig, 'budget'>,
  { ledger, clock, startOfDay }: { ledger: ModelLedger; clock: Clock; startOfDay: (now: Date) => Date },
): Budget => {
  const held = new Set<Held>()
  return {
    reserve: async (most, conversationId) => {
      // Held before it is asked what was spent: two calls at once must see each other.
      const mine: Held = { ...most, conversationId }
      held.add(mine)
      const release = (): void => void held.delete(mine)
      try {
        const spent = await ledger.spent(startOfDay(clock.now()), conversationId)
        const underWay = [...held]
        const day = sum([spent.day, ...underWay])
        const conversation =
          conversationId === undefined
            ? { tokens: 0, costMicros: 0 }
            : sum([spent.conversation, ...underWay.filter((one) => one.conversationId === conversationId)])
        const over = limitsOf(budget, day, conversation).find(
          ({ limit, wanted }) => limit !== undefined && wanted > limit,
        )
        if (over === undefined) return { release }
        throw new TongdaError(
          'model_over_budget',
          `${over.what} for the language model are used up; raise llm.budget.${over.key}, or wait`,
          { budget: over.key },
        )
      } catch (error) {
        release()
        throw error
      }
    },
  }
}
