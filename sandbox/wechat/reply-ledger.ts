import type { ReplyComparison } from './trace.ts'

/** An answer to a message, as it came. */
export interface LedgerEntry {
  readonly exchangeId: number
  readonly body: Buffer
  readonly plain: string
}

/** Remembers the first answer to every message, so that answers to its retries can be held against it. */
export interface ReplyLedger {
  /** Undefined for the first answer. */
  compare(messageKey: string, entry: LedgerEntry): ReplyComparison | undefined
}

const kept = 1000

/** A ledger of the last thousand messages. */
export const createReplyLedger = (): ReplyLedger => {
  const first = new Map<string, LedgerEntry>()
  return {
    compare: (messageKey, entry) => {
      const known = first.get(messageKey)
      if (known) {
        return {
          firstExchangeId: known.exchangeId,
          sameBytes: known.body.equals(entry.body),
          samePlaintext: known.plain === entry.plain,
        }
      }
      first.set(messageKey, entry)
      const oldest = first.keys().next()
      if (first.size > kept && oldest.done !== true) first.delete(oldest.value)
      return undefined
    },
  }
}
