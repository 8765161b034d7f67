/** A row as the driver gives it. */
export type Row = Record<string, unknown>

/** Runs one statement. Parameters are `$1`…; values for `jsonb` are JSON text. */
export type Query = <Result extends Row = Row>(text: string, params?: readonly unknown[]) => Promise<Result[]>

/** One PostgreSQL, embedded or not: what the repositories stand on. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly query: Query
  /** Runs `work` in one transaction; throws what `work` throws, after rolling back. */
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result>
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

const sqlState = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Two nodes met on one row: unique violation, serialization failure, deadlock. Running again settles it. */
const collisions: readonly unknown[] = ['23505', '40001', '40P01']

/** Runs `work` again when it collided with another node's; at most five times, then throws. */
export const retryCollisions = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === 5 || !collisions.includes(sqlState(error))) throw error
    }
  }
}
