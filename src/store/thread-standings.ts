import type { ConversationMode } from '../core/conversation.ts'
import type { Database, Row } from './database.ts'
import { queueOrder, waits } from './queue-sql.ts'

interface ThreadRow extends Row {
  readonly mode: ConversationMode
  readonly ticketId: string | null
}

/** Who leads a thread, and the ticket of it that waits for somebody. */
export interface ThreadTicket {
  readonly mode: ConversationMode
  readonly ticketId?: string
}

const readThread = `
select c.mode, (
    select t.id from tickets t where t.conversation_id = c.id and ${waits('t')} order by ${queueOrder('t')} limit 1
  ) as "ticketId"
from conversations c where c.inbox_id = $1 and c.thread_key = $2`

/** Reads who leads a contact's thread; undefined: nothing was said in it yet. */
export const createThreadStandings =
  ({ query }: Database) =>
  async (inboxId: string, threadKey: string): Promise<ThreadTicket | undefined> => {
    const [row] = await query<ThreadRow>(readThread, [inboxId, threadKey])
    if (row === undefined) return undefined
    return { mode: row.mode, ...(row.ticketId === null ? {} : { ticketId: row.ticketId }) }
  }
