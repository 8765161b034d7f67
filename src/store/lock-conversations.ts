import type { Query } from './database.ts'

/**
 * The order in which rows are locked, the same everywhere, so that nobody waits for somebody who waits for him:
 * conversations first, several of them in the order of inbox and thread, then the ticket, then messages and outbox.
 * A statement that must take them otherwise, as leasing does, waits for nobody: `skip locked`.
 * The mode is the one of an update, which lets messages be added meanwhile.
 */
const lock = `
select id from conversations where id = any($1::uuid[]) order by inbox_id, thread_key for no key update`

/** Locks conversations until the end of the transaction. What the next statement reads of them is current. */
export const lockConversations = async (query: Query, ids: readonly string[]): Promise<void> => {
  await query(lock, [ids])
}
