import type { ModelCall, ModelLedger, ModelSpending } from '../core/model-ledger.ts'

const sum = (calls: readonly ModelCall[]): ModelSpending => ({
  tokens: calls.reduce((total, { inputTokens, outputTokens }) => total + inputTokens + outputTokens, 0),
  costMicros: calls.reduce((total, { costMicros }) => total + costMicros, 0),
})

/** A ledger that ends with the process, for commands that need no database. Calls are added to `calls`. */
export const createMemoryLedger = (calls: ModelCall[] = []): ModelLedger => ({
  record: (call) => Promise.resolve(void calls.push(call)),
  spent: (since, share) => {
    const ofDay = calls.filter(({ at }) => at >= since)
    const shared = ofDay.filter(
      ({ conversationId, purpose }) =>
        conversationId === share?.conversationId && share?.purposes.includes(purpose) === true,
    )
    return Promise.resolve({ day: sum(ofDay), conversation: sum(shared) })
  },
  retire: () => Promise.resolve(),
})
