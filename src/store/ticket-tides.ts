import type { TicketTides } from '../core/ticket.ts'
import type { Database } from './database.ts'

/** Tells programs outside of the rows of `changed`. */
export const tellOf = (now: `$${number}`, change: string): string =>
  `insert into events (type, at, ticket_id, conversation_id, contact_id, data)
  select 'ticket.changed', ${now}::timestamptz, id, conversation_id, contact_id, jsonb_build_object('number', number,
    'version', version, 'state', state, 'change', '${change}', 'actor', 'system') from changed`

// Rows that somebody is changing are left for the next look. The history line names the rule.
const resumeHeld = `
with due as (
  select id, hold_reason from tickets where state = 'on_hold' and hold_until <= $1
  order by hold_until limit $2 for no key update skip locked
), changed as (
  update tickets t set state = 'open', hold_reason = null, hold_until = null, updated_at = $1, version = t.version + 1
  from due where t.id = due.id returning t.*, due.hold_reason as held
), logged as (
  ${tellOf('$1', 'resumed')}
)
insert into ticket_timeline (ticket_id, at, actor, change, detail)
select id, $1, 'system', 'resumed', jsonb_build_object('rule', 'hold-over', 'held', held, 'state', state) from changed
returning ticket_id as id`

const closeSolved = `
with due as (
  select id from tickets where state = 'solved' and solved_at <= $1
  order by solved_at limit $3 for no key update skip locked
), changed as (
  update tickets t set state = 'closed', closed_at = $2, updated_at = $2, version = t.version + 1
  from due where t.id = due.id returning t.*
), logged as (
  ${tellOf('$2', 'closed')}
)
insert into ticket_timeline (ticket_id, at, actor, change, detail)
select id, $2, 'system', 'closed', jsonb_build_object('rule', 'solved-long-ago', 'state', state) from changed
returning ticket_id as id`

/** What time alone changes, on one database. Several nodes may look at once: each ticket changes once. */
export const createTicketTides = ({ query }: Database): TicketTides => ({
  resumeHeld: async (now, limit) =>
    (await query<{ id: string }>(resumeHeld, [now, limit])).map(({ id }) => id),
  closeSolved: async (before, now, limit) =>
    (await query<{ id: string }>(closeSolved, [before, now, limit])).map(({ id }) => id),
})
