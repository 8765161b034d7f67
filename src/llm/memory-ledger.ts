import type { ModelCall, ModelLedger, ModelSpending } from '../core/model-ledger.ts'

const sum = (calls: readonly ModelCall[]): ModelSpending => ({
  tokens: calls.reduce((total, { inputTokens, outputTokens }) => total + inputTokens + outputTokens, 0),
  costMicros: calls.reduce((total, { costMicros }) => total + costMicros, 0),
})

/** A ledger that ends with the process, for commands that need no database. Calls are added to `calls`. */
export const createMemoryLedger = (calls: ModelCall[] = []): ModelLedger => ({
  record: (call) => Promise.resolve(void calls.push(call)),
  spent: (since, conversationId) =>
    Promise.resolve({
      day: sum(calls.filter(({ at }) => at >= since)),
      conversation: sum(
        conversationId === undefined ? [] : calls.filter((call) => call.conversationId === conversationId),
      ),
    }),
  retire: () => Promise.resolve(),
})
