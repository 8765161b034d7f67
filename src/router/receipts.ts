/** When a message came into this node's hands and when it was stored, by `performance.now()`. */
export interface Receipt {
  readonly receivedAt: number
  readonly storedAt: number
}

/** What this node remembers of the messages it took, until their turns are over. */
export interface Receipts {
  note(messageId: string, receipt: Receipt): void
  /** Undefined: another node took it, or too many came since. */
  find(messageId: string): Receipt | undefined
}

// A few megabytes; more wait only where nothing is answered any more.
const kept = 10_000

/** Makes the memory of one node; the oldest are forgotten. */
export const createReceipts = (limit = kept): Receipts => {
  const known = new Map<string, Receipt>()
  return {
    note: (messageId, receipt) => {
      known.set(messageId, receipt)
      if (known.size <= limit) return
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    },
    find: (messageId) => known.get(messageId),
  }
}
