import type { Ticket, TicketPage, TicketSelection, TicketStore } from '../core/ticket.ts'
import type { TicketFilter, TicketHolder, TicketOrder } from '../core/ticket-view.ts'
import type { Query } from './database.ts'
import { isMentioned } from './mentions.ts'
import { inDangerAt, ticketFields, ticketJoins, toTicket, type TicketRow } from './ticket-rows.ts'

/** Gives a value a place in a statement: `$1` and so on. */
type Place = (value: unknown) => string

const isOpen = `t.state not in ('solved', 'closed')`

/** Lists that are the same for everybody; `$1` is the agent who looks. */
const plain: Readonly<Record<Exclude<TicketSelection['view'], 'due' | 'custom'>, string>> = {
  unassigned: `t.assignee_id is null and ${isOpen}`,
  mine: `t.assignee_id = $1 and ${isOpen}`,
  mentioned: isMentioned,
  held: `t.state in ('pending', 'on_hold')`,
  open: isOpen,
  solved: `t.state in ('solved', 'closed')`,
  all: 'true',
}

/** Since when the contact of a ticket waits for a reply: its opening, or what they wrote first since the last reply. */
const waitingSince = (ticket: string): string => `case
  when ${ticket}.state in ('solved', 'closed') then null
  when ${ticket}.first_replied_at is null then ${ticket}.created_at
  when ${ticket}.next_reply_due_at is not null then (select min(w.at) from ticket_timeline w
    where w.ticket_id = ${ticket}.id and w.change = 'contact-wrote' and w.id > coalesce((select max(r.id)
      from ticket_timeline r where r.ticket_id = ${ticket}.id and r.change = 'replied'), 0))
  end`

const late = (moment: string): string => `coalesce(${moment}, 'infinity')`

interface Sorting {
  readonly order: string
  /** What is compared with a ticket's own to tell what stands behind it; the number decides between equals. */
  readonly key: (ticket: string) => string
  readonly down: boolean
}

const sorting: Readonly<Record<TicketOrder | 'latest' | 'held', Sorting>> = {
  // Written so that an index gives the order.
  due: { order: 't.due_at nulls last, t.number', key: (ticket) => late(`${ticket}.due_at`), down: false },
  held: {
    order: 't.hold_until nulls last, t.number',
    key: (ticket) => late(`${ticket}.hold_until`),
    down: false,
  },
  latest: {
    order: 't.updated_at desc, t.number desc',
    key: (ticket) => `${ticket}.updated_at`,
    down: true,
  },
  newest: {
    order: 't.created_at desc, t.number desc',
    key: (ticket) => `${ticket}.created_at`,
    down: true,
  },
  waiting: {
    order: `${waitingSince('t')} nulls last, t.number`,
    key: (ticket) => late(waitingSince(ticket)),
    down: false,
  },
}

const orderOf = (query: TicketSelection): keyof typeof sorting => {
  if (query.view === 'custom') return query.order
  if (query.view === 'held') return 'held'
  return query.view === 'solved' ? 'latest' : 'due'
}

const holding = (holder: TicketHolder, place: Place): string => {
  if (holder.who === 'agent') return `t.assignee_id = ${place(holder.agentId)}`
  return {
    me: 't.assignee_id = $1',
    nobody: 't.assignee_id is null',
    somebody: 't.assignee_id is not null',
  }[holder.who]
}

const minutes = (now: Date, by: number): Date => new Date(now.getTime() + by * 60_000)

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&')

/** The columns of what a ticket has to be one of. */
const oneOf: readonly (readonly [
  part: 'states' | 'kinds' | 'priorities' | 'inboxes' | 'teams',
  column: string,
])[] = [
  ['states', 't.state'],
  ['kinds', 't.kind'],
  ['priorities', 't.priority'],
  ['inboxes', 'c.inbox_id'],
  ['teams', 't.team_id::text'],
]

const filtered = (filter: TicketFilter, now: Date, place: Place): string => {
  const { holder, topic, tags, waitingMinutes, dueMinutes } = filter
  const chosen = oneOf.filter(([part]) => filter[part].length > 0)
  return [
    ...(filter.states.length === 0 ? [isOpen] : []),
    ...chosen.map(([part, column]) => `${column} = any(${place([...filter[part]])}::text[])`),
    ...(tags.length === 0 ? [] : [`t.tags && ${place([...tags])}::text[]`]),
    ...(holder === undefined ? [] : [holding(holder, place)]),
    ...(topic === undefined ? [] : [`t.topic ilike ${place(`%${escapeLike(topic)}%`)}`]),
    ...(waitingMinutes === undefined
      ? []
      : [`${waitingSince('t')} <= ${place(minutes(now, -waitingMinutes))}::timestamptz`]),
    ...(dueMinutes === undefined ? [] : [`t.due_at <= ${place(minutes(now, dueMinutes))}::timestamptz`]),
  ].join(' and ')
}

const conditionOf = (query: TicketSelection, place: Place): string => {
  if (query.view === 'custom') return filtered(query.filter, query.now, place)
  if (query.view === 'due') return `${isOpen} and ${inDangerAt} <= ${place(query.now)}::timestamptz`
  return plain[query.view]
}

/** The values of a statement in the order of their places. */
const createPlaces = (first: unknown): { readonly values: unknown[]; readonly place: Place } => {
  const values: unknown[] = [first]
  return {
    values,
    place: (value) => {
      values.push(value)
      return `$${String(values.length)}`
    },
  }
}

const listTickets = async (query: Query, asked: TicketSelection & TicketPage): Promise<readonly Ticket[]> => {
  const { values, place } = createPlaces(asked.agentId)
  const { order, key, down } = sorting[orderOf(asked)]
  const behind =
    asked.after === undefined
      ? ''
      : `and (${key('t')}, t.number) ${down ? '<' : '>'}
          (select ${key('b')}, b.number from tickets b where b.id = ${place(asked.after)}::uuid)`
  const text = `select ${ticketFields} from tickets t ${ticketJoins}
    where ${conditionOf(asked, place)} and $1::text is not null ${behind}
    order by ${order} limit ${place(asked.limit)}`
  return (await query<TicketRow>(text, values)).map(toTicket)
}

/** Lists of tickets on one database, and how long they are. */
export const createTicketLists = (query: Query): Pick<TicketStore, 'list' | 'count'> => ({
  list: (asked) => listTickets(query, asked),
  count: async (asked) => {
    const { values, place } = createPlaces(asked.agentId)
    const text = `select count(*)::int as count from (select 1 from tickets t
      join conversations c on c.id = t.conversation_id
      where ${conditionOf(asked, place)} and $1::text is not null limit ${place(asked.limit)}) counted`
    const [row] = await query<{ count: number }>(text, values)
    return row?.count ?? 0
  },
})
