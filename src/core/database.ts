/** A row as the driver gives it. */
export type Row = Record<string, unknown>

/** Runs one statement. Parameters are `$1`…; values for `jsonb` are JSON text. */
export type Query = <Result extends Row = Row>(text: string, params?: readonly unknown[]) => Promise<Result[]>

/** Statements that take effect together or not at all. Ends with the work it was opened for; later calls throw. */
export interface Transaction extends Query {
  /** Calls `hear` once everything has taken effect; never after a rollback. `hear` must not throw. */
  readonly afterCommit: (hear: () => void) => void
}

/** The connections one node holds. */
export interface PoolStanding {
  readonly used: number
  readonly idle: number
  /** Whoever waits for one. */
  readonly waiting: number
}

/** One PostgreSQL, embedded or not: what the repositories stand on. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly query: Query
  /** Runs `work` in one transaction; throws what `work` throws, after rolling back. */
  readonly transaction: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>
  /** Runs several statements without parameters in one transaction. */
  readonly script: (text: string) => Promise<void>
  /**
   * Of the embedded database alone: copies its files, as they are between two transactions, into a new folder. Whatever
   * else is asked of it waits meanwhile.
   */
  readonly copyTo?: (folder: string) => Promise<void>
  /** Of a server alone: how its connections stand on this node at this moment. */
  readonly pool?: () => PoolStanding
  close(): Promise<void>
}

// PostgreSQL refuses both in jsonb: U+0000 and half of a surrogate pair.
const clean = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD') : value

// How JSON writes them. Written by a contact, the backslash itself is doubled, and cleaning finds nothing to do.
const refused = /\\u(?:0000|d[89a-f])/

/** JSON text that any `jsonb` parameter takes. */
export const toJson = (value: unknown): string => {
  const json = JSON.stringify(value)
  // Looking at every value costs four times as much as writing them all, and hardly any needs it.
  return refused.test(json) ? JSON.stringify(value, clean) : json
}
