import type { HungTicket, IncidentChores } from '../core/incident.ts'
import { retryCollisions, type Database } from './database.ts'
import { gatherNewTickets } from './incident-gathering.ts'
import { planNotices } from './incident-notices.ts'
import { present } from './incident-rows.ts'

const hungFields = `h.ticket_id as "ticketId", i.id as "incidentId", i.number as "incidentNumber",
  i.title ->> 'zh' as "incidentTitle", i.parent_ticket_id as "parentTicketId"`

const readUnnoted = `
select ${hungFields} from incident_tickets h join incidents i on i.id = h.incident_id
where h.noted_at is null order by h.at, h.ticket_id limit $1`

const readUnsettled = `
select ${hungFields} from incidents i join incident_tickets h on h.incident_id = i.id
where i.state = 'closed' and h.settled_at is null order by h.at, h.ticket_id limit $1`

/** Who came while it closed: a turn that began before may be kept after, under its own time. */
const readUnplanned = `
select u.id from incident_updates u join incidents i on i.id = u.incident_id
where u.kind = 'closed' and u.at > $1::timestamptz - interval '1 day' and exists (
  select from incident_followers f where f.incident_id = u.incident_id and f.left_at is null
    and f.at > u.at - interval '10 minutes'
    and not exists (select from incident_notices n where n.update_id = u.id and n.contact_id = f.contact_id))`

const readUntold = `select distinct incident_id from incident_notices where state = 'planned'`

/** What is left to be done about incidents, on one database. */
export const createIncidentChores = (database: Database): IncidentChores => {
  const { query } = database
  const read = async (text: string, limit: number): Promise<readonly HungTicket[]> =>
    (await query(text, [limit])).map((row) => present(row) as unknown as HungTicket)
  return {
    gather: (now) => retryCollisions(() => database.transaction((inner) => gatherNewTickets(inner, now))),
    unnoted: (limit) => read(readUnnoted, limit),
    unsettled: (limit) => read(readUnsettled, limit),
    note: async (ticketId, now) => {
      await query('update incident_tickets set noted_at = $2 where ticket_id = $1', [ticketId, now])
    },
    settle: async (ticketId, outcome, now) => {
      await query('update incident_tickets set settled_at = $3, outcome = $2 where ticket_id = $1', [
        ticketId,
        outcome,
        now,
      ])
    },
    untold: async (now) => {
      for (const { id } of await query<{ id: string }>(readUnplanned, [now]))
        await planNotices(query, id, now)
      return (await query<{ incident_id: string }>(readUntold)).map(({ incident_id: id }) => id)
    },
  }
}
