import type { Query } from './database.ts'

const endConversations = `
update conversations set lease_until = now() - interval '1 millisecond'
where ready_at is not null and lease_until > now()`

/** What rode on a request keeps its time: the provider may repeat the request, which gets the same answer again. */
const endSends = `
update outbox set lease_until = now() - interval '1 millisecond'
where status = 'sending' and via = 'api' and lease_until > now()`

/**
 * Ends the leases of processes that are gone for certain, so that nobody waits for their time to pass. Asks for nothing
 * that the first schema did not have.
 */
export const endLeases = async (query: Query): Promise<void> => {
  await query(endConversations)
  await query(endSends)
}
