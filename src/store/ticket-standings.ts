import { TongdaError } from '../core/errors.ts'
import type { TicketStanding, TicketStandings } from '../core/ticket.ts'
import type { Database, Row } from './database.ts'
import { mentionFields } from './ticket-rows.ts'

const fields = `${mentionFields}, t.created_at as "createdAt", t.first_reply_due_at as "firstReplyDueAt",
  t.first_replied_at as "firstRepliedAt", t.hold_until as "holdUntil", t.solved_at as "solvedAt",
  t.closed_at as "closedAt", m.number as "mergedInto"`
const from = 'from tickets t left join tickets m on m.id = t.merged_into'

// What was merged is told by the ticket that goes on for it.
const ofContact = `
select ${fields} ${from} where t.contact_id = $1 and t.merged_into is null
  and (t.state not in ('solved', 'closed') or coalesce(t.closed_at, t.solved_at) >= $2)
order by t.state in ('solved', 'closed'), t.number desc limit $3`

type StandingRow = { readonly [Key in keyof TicketStanding]: TicketStanding[Key] | null } & Row

const isStanding = (row: Row): row is Row & TicketStanding => typeof row.number === 'number'

const toStanding = (row: StandingRow): TicketStanding => {
  const present: Row = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  if (!isStanding(present)) throw new Error('a ticket row lacks its number')
  return present
}

/** What contacts may know of their tickets, on one database. */
export const createTicketStandings = ({ query }: Database): TicketStandings => ({
  ofContact: async (contactId, since, limit) =>
    (await query<StandingRow>(ofContact, [contactId, since, limit])).map(toStanding),
  ofNumber: async (contactId, number) => {
    const [row] = await query<StandingRow>(
      `select ${fields} ${from} where t.contact_id = $1 and t.number = $2`,
      [contactId, number],
    )
    return row === undefined ? undefined : toStanding(row)
  },
  get: async (ticketId) => {
    const [row] = await query<StandingRow>(`select ${fields} ${from} where t.id = $1`, [ticketId])
    if (row === undefined)
      throw new TongdaError('not_found', 'there is no such ticket; it may have been erased')
    return toStanding(row)
  },
})
