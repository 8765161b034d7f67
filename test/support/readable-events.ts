import { expect } from 'vitest'
import type { Database } from '../../src/store/index.ts'

const readable =
  'select coalesce(max(tx) < pg_snapshot_xmin(pg_current_snapshot()), true) as readable from events'

/**
 * Waits until all events can be read: while a transaction of anybody on the server is open, those written after its
 * begin cannot. Other tests share the server.
 */
export const untilEventsAreReadable = async ({ query }: Database): Promise<void> => {
  await expect.poll(async () => (await query<{ readable: boolean }>(readable))[0]?.readable).toBe(true)
}
