export { toJson, type Database, type Query, type Row, type Transaction } from '../core/database.ts'

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
