import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { ModelPurpose } from '../core/language-model.ts'
import type { ModelCall, ModelLedger, ModelSpending } from '../core/model-ledger.ts'
import type { LlmConfig } from './config.ts'
import { purposesLike, type Work, workOf } from './work.ts'

/** What a call that is under way may take at most; settled when it is over. */
export interface Reservation {
  /** Gives it back: nothing was taken, or what was stands in the ledger. */
  readonly release: () => void
  /** What the call took could not be written down: it counts on this node for as long as its day does. */
  readonly keep: (call: Pick<ModelCall, 'at' | 'inputTokens' | 'outputTokens' | 'costMicros'>) => void
}

/** Whose budget a call takes from. */
export interface Spender {
  readonly purpose: ModelPurpose
  readonly conversationId?: string | undefined
}

/** Says whether a call may be made. */
export interface Budget {
  /** Rejects with `model_over_budget`. */
  readonly reserve: (most: ModelSpending, spender: Spender) => Promise<Reservation>
}

interface Held extends ModelSpending {
  readonly conversationId: string | undefined
  readonly work: Work
  /** When it was taken; absent: the call is under way. */
  readonly at?: Date
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
    what: "the conversation's tokens of the day",
    key: 'tokensPerConversation',
    limit: budget.tokensPerConversation,
    wanted: conversation.tokens,
  },
  {
    what: "the conversation's costs of the day",
    key: 'costPerConversation',
    limit: micros(budget.costPerConversation),
    wanted: conversation.costMicros,
  },
]

/** What is under way on this node, and what was taken there unrecorded since a moment. */
const createHeld = () => {
  const held = new Set<Held>()
  return {
    hold: (mine: Held): Reservation => {
      held.add(mine)
      return {
        release: () => void held.delete(mine),
        keep: ({ at, inputTokens, outputTokens, costMicros }) => {
          held.delete(mine)
          held.add({ ...mine, at, tokens: inputTokens + outputTokens, costMicros })
        },
      }
    },
    since: (moment: Date): readonly Held[] => {
      for (const one of held) if (one.at !== undefined && one.at < moment) held.delete(one)
      return [...held]
    },
  }
}

/**
 * Keeps to a budget: what the ledger says was spent, what is under way on this node and what a call may take at most must
 * not go beyond it. Other nodes' calls count once they are over.
 */
export const createBudget = (
  { budget }: Pick<LlmConfig, 'budget'>,
  { ledger, clock, startOfDay }: { ledger: ModelLedger; clock: Clock; startOfDay: (now: Date) => Date },
): Budget => {
  const held = createHeld()
  return {
    reserve: async (most, { purpose, conversationId }) => {
      const work = workOf(purpose)
      // Held before it is asked what was spent: two calls at once must see each other.
      const reservation = held.hold({ ...most, conversationId, work })
      try {
        const since = startOfDay(clock.now())
        const spent = await ledger.spent(
          since,
          conversationId === undefined ? undefined : { conversationId, purposes: purposesLike(purpose) },
        )
        const here = held.since(since)
        const day = sum([spent.day, ...here])
        const mine = here.filter((one) => one.conversationId === conversationId && one.work === work)
        const conversation =
          conversationId === undefined ? { tokens: 0, costMicros: 0 } : sum([spent.conversation, ...mine])
        const over = limitsOf(budget, day, conversation).find(
          ({ limit, wanted }) => limit !== undefined && wanted > limit,
        )
        if (over === undefined) return reservation
        throw new TongdaError(
          'model_over_budget',
          `${over.what} for the language model are used up; raise llm.budget.${over.key}, or wait for tomorrow`,
          { budget: over.key },
        )
      } catch (error) {
        reservation.release()
        throw error
      }
    },
  }
}
