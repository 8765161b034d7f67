import type { ConversationStore } from '../core/stores.ts'
import { createAccept } from './accept.ts'
import { retryCollisions, type Database } from './database.ts'
import { createClaim } from './claim-turns.ts'
import { createCommit } from './turns.ts'

const release = `
update conversations set lease_owner = null, lease_until = null, 
  ready_at = case when pending > 0 then now() + $3 * interval '1 millisecond' end
where id = $1 and fence = $2`

/** The conversation store on one database: every effect on conversations is one statement, hence one transaction. */
export const createConversationStore = (database: Database): ConversationStore => {
  const { query } = database
  const accept = createAccept(database)
  const commit = createCommit(query)
  return {
    accept: (items, now) => retryCollisions(() => accept(items, now)),
    claim: createClaim(query),
    commit: (outcomes, now) => retryCollisions(() => commit(outcomes, now)),
    release: async (claim, retryMs) => {
      await query(release, [claim.conversationId, claim.fence, retryMs])
    },
    nextTicketNumber: async () => {
      const [row] = await query<{ number: number }>(`select nextval('ticket_numbers')::int as number`)
      if (row === undefined) throw new Error('the ticket sequence gave no number')
      return row.number
    },
  }
}
