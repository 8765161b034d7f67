import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Incident } from '../core/incident.ts'
import type { Query, Row } from './database.ts'
import { hangs, isAbout } from './incident-rows.ts'

/**
 * Tickets `t` in conversations `c` that an incident `i` takes in by itself. Urgent ones only where it is about their
 * topic: the end of what is about everything must not solve what somebody is in trouble about.
 */
const isTakenIn = `t.state not in ('solved', 'closed') and ${isAbout('t.topic', 'c.channel')}
  and (t.priority <> 'urgent' or cardinality(i.topics) > 0) and t.id is distinct from i.parent_ticket_id`

const addFollowers = `
insert into incident_followers (incident_id, contact_id, conversation_id, language, why, at)
select distinct on (t.contact_id) h.incident_id, t.contact_id, t.conversation_id,
  case when c.dialogue ->> 'spoken' = 'en' then 'en' else 'zh' end, 'ticket', $3
from incident_tickets h join tickets t on t.id = h.ticket_id join conversations c on c.id = t.conversation_id
where h.incident_id = $1 and t.id = any($2::uuid[]) order by t.contact_id, t.number desc
on conflict do nothing`

/** Whose ticket hangs under an incident is told how it goes on. */
const followTickets = async (
  query: Query,
  id: string,
  ticketIds: readonly string[],
  now: Date,
): Promise<void> => {
  await query(addFollowers, [id, ticketIds, now])
}

const takeInSince = `
insert into incident_tickets (ticket_id, incident_id, at)
select t.id, i.id, $2 from incidents i join tickets t on t.created_at >= i.since_at
join conversations c on c.id = t.conversation_id
where i.id = $1 and ${isTakenIn}
on conflict do nothing returning ticket_id, incident_id`

interface HungRow extends Row {
  readonly ticket_id: string
  readonly incident_id: string
}

/** Hangs what is owed since things went wrong under an incident; how many tickets that were. */
export const gatherTickets = async (query: Query, id: string, now: Date): Promise<number> => {
  const hung = await query<HungRow>(takeInSince, [id, now])
  const ids = hung.map(({ ticket_id: ticketId }) => ticketId)
  await followTickets(query, id, ids, now)
  return hung.length
}

/** Held until the end of the transaction: none closes meanwhile. */
const holdOpen = `select id from incidents where state = 'open' order by id for share`

const takeInNew = `
insert into incident_tickets (ticket_id, incident_id, at)
select distinct on (t.id) t.id, i.id, $1 from incidents i join tickets t on t.created_at > i.declared_at
join conversations c on c.id = t.conversation_id
where i.state = 'open' and ${isTakenIn} and not exists (select from incident_tickets h where h.ticket_id = t.id)
order by t.id, cardinality(i.topics) = 0, i.number
on conflict do nothing returning ticket_id, incident_id`

/** Hangs tickets under open incidents that came since by another way than a turn that knew of them. */
export const gatherNewTickets = async (query: Query, now: Date): Promise<void> => {
  if ((await query(holdOpen)).length === 0) return
  const hung = await query<HungRow>(takeInNew, [now])
  for (const { ticket_id: ticketId, incident_id: id } of hung) await followTickets(query, id, [ticketId], now)
}

const checkTicket = async (query: Query, ticketId: string): Promise<void> => {
  const found = validate(ticketId) ? await query('select 1 from tickets where id = $1', [ticketId]) : []
  if (found.length === 0)
    throw new TongdaError('bad_input', 'there is no such ticket; it may have been erased')
}

/** One that was taken out, or that hung under an incident that is over, may be hung anew. */
const hang = `
insert into incident_tickets as h (ticket_id, incident_id, at) values ($2, $1, $3)
on conflict (ticket_id) do update set incident_id = excluded.incident_id, at = excluded.at, noted_at = null,
  settled_at = null, outcome = null
where h.settled_at is not null`

/** Hangs a ticket under an incident. Throws `bad_input`, `conflict`. */
export const hangTicket = async (
  query: Query,
  { id, parentTicketId }: Pick<Incident, 'id' | 'parentTicketId'>,
  ticketId: string,
  now: Date,
): Promise<void> => {
  await checkTicket(query, ticketId)
  if (ticketId === parentTicketId)
    throw new TongdaError('bad_input', 'the others hang under this ticket; choose one that is no parent')
  await query(hang, [id, ticketId, now])
  const [hung] = await query<HungRow>('select incident_id from incident_tickets where ticket_id = $1', [
    ticketId,
  ])
  if (hung?.incident_id !== id)
    throw new TongdaError('conflict', 'this ticket hangs under another incident', {
      incidentId: hung?.incident_id,
    })
  await followTickets(query, id, [ticketId], now)
}

const takeOut = `
update incident_tickets h set outcome = 'taken-out', settled_at = $3, noted_at = coalesce(noted_at, $3)
where h.incident_id = $1 and h.ticket_id = $2 and ${hangs} returning ticket_id`

/** Whoever asked for it is told on; whoever has another ticket there, too. */
const unfollow = `
delete from incident_followers f using tickets t
where f.incident_id = $1 and t.id = $2 and f.contact_id = t.contact_id and f.why = 'ticket' and not exists (
  select from incident_tickets h join tickets o on o.id = h.ticket_id
  where h.incident_id = $1 and o.contact_id = t.contact_id and ${hangs})`

/** Takes a ticket out from under an incident. Throws `not_found`. */
export const takeOutTicket = async (query: Query, id: string, ticketId: string, now: Date): Promise<void> => {
  if ((await query(takeOut, [id, ticketId, now])).length === 0)
    throw new TongdaError('not_found', 'this ticket does not hang under this incident')
  await query(unfollow, [id, ticketId])
}
