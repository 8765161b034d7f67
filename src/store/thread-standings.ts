import type { ConversationMode } from '../core/conversation.ts'
import type { Database, Row } from './database.ts'
import { queueOrder, waits } from './queue-sql.ts'

interface ThreadRow extends Row {
  readonly mode: ConversationMode
  readonly ticketId: string | null
  readonly isPlain: boolean | null
}

/** Who leads a thread, and the ticket of it that waits for somebody. */
export interface ThreadTicket {
  readonly mode: ConversationMode
  /** `isPlain`: a question that is not urgent, which its contact may take back. */
  readonly ticket?: { readonly id: string; readonly isPlain: boolean }
}

const readThread = `
select c.mode, w.id as "ticketId", w.kind = 'question' and w.priority <> 'urgent' as "isPlain"
from conversations c left join lateral (
  select t.id, t.kind, t.priority from tickets t where t.conversation_id = c.id and ${waits('t')}
  order by ${queueOrder('t')} limit 1
) w on true
where c.inbox_id = $1 and c.thread_key = $2`

/** Reads who leads a contact's thread; undefined: nothing was said in it yet. */
export const createThreadStandings =
  ({ query }: Database) =>
  async (inboxId: string, threadKey: string): Promise<ThreadTicket | undefined> => {
    const [row] = await query<ThreadRow>(readThread, [inboxId, threadKey])
    if (row === undefined) return undefined
    const { mode, ticketId, isPlain } = row
    return { mode, ...(ticketId === null ? {} : { ticket: { id: ticketId, isPlain: isPlain === true } }) }
  }
