import type { InboxPauses } from '../core/inbox.ts'
import { retryCollisions, type Database, type Row } from './database.ts'
import { recordAudit } from './record-audit.ts'

interface PauseRow extends Row {
  readonly inbox_id: string
  readonly until: Date
  readonly reason: string
}

/** Whoever waited for the pause waits no more, the message that began it included. */
const endPause = `
with ended as (
  delete from inbox_pauses where inbox_id = $1 and until > now() returning inbox_id
), woken as (
  update outbox o set next_attempt_at = now() from ended e
  where o.inbox_id = e.inbox_id and o.status = 'queued' and o.next_attempt_at > now()
)
select 1 from ended`

/** The halts of one database. */
export const createInboxPauses = (database: Database): InboxPauses => ({
  list: async (now) => {
    const rows = await database.query<PauseRow>(
      'select inbox_id, until, reason from inbox_pauses where until > $1',
      [now],
    )
    return new Map(rows.map(({ inbox_id, until, reason }) => [inbox_id, { until, reason }]))
  },
  // Takes many messages in whatever order they lie.
  end: (inboxId) =>
    retryCollisions(() =>
      database.transaction(async (within) => {
        const ended = (await within(endPause, [inboxId])).length > 0
        if (ended) await recordAudit(within, { act: 'inbox.resumed', object: { kind: 'inbox', id: inboxId } })
        return ended
      }),
    ),
})
