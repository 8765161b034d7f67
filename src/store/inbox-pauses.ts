import type { InboxPauses } from '../core/inbox.ts'
import type { Database, Row } from './database.ts'

interface PauseRow extends Row {
  readonly inbox_id: string
  readonly until: Date
  readonly reason: string
}

/** The halts of one database. */
export const createInboxPauses = ({ query }: Database): InboxPauses => ({
  list: async (now) => {
    const rows = await query<PauseRow>('select inbox_id, until, reason from inbox_pauses where until > $1', [
      now,
    ])
    return new Map(rows.map(({ inbox_id, until, reason }) => [inbox_id, { until, reason }]))
  },
  end: async (inboxId) => {
    const rows = await query('delete from inbox_pauses where inbox_id = $1 and until > now() returning 1', [
      inboxId,
    ])
    return rows.length > 0
  },
})
