import type { Query, Transaction } from './database.ts'

/** A transaction under way, and how it ends. */
export interface OpenTransaction {
  readonly transaction: Transaction
  /** Call it when the work is over, before the statement that ends it: what still comes would take effect alone. */
  readonly close: () => void
  /** Call it once it has taken effect. */
  readonly committed: () => void
}

/** Makes a transaction of the session that `query` speaks to. */
export const openTransaction = (query: Query): OpenTransaction => {
  const hearers: (() => void)[] = []
  let closed = false
  const guarded: Query = async (text, params) => {
    if (closed) throw new Error('the transaction is over; await every statement within its work')
    return query(text, params)
  }
  return {
    transaction: Object.assign(guarded, { afterCommit: (hear: () => void) => void hearers.push(hear) }),
    close: () => {
      closed = true
    },
    committed: () => {
      for (const hear of hearers) hear()
    },
  }
}
