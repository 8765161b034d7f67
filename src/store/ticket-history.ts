import type { Ticket, TicketActor, TicketChangeName, TicketSet, TimelineEntry } from '../core/ticket.ts'
import { toJson, type Query, type Row } from './database.ts'
import { recordEvents } from './record-event.ts'

const addLine = `
insert into ticket_timeline (ticket_id, at, actor, agent_id, change, detail, idempotency_key)
values ($1, $2, $3, $4, $5, $6::jsonb, $7)`

/** One line of a ticket's history, to be added. */
export interface HistoryLine {
  readonly ticketId: string
  readonly actor: TicketActor
  readonly change: TicketChangeName
  readonly detail: Readonly<Record<string, unknown>>
  readonly idempotencyKey?: string | undefined
}

interface ChangedRow extends Row {
  readonly number: number
  readonly version: number
  readonly state: string
  readonly conversation_id: string
  readonly contact_id: string
}

const readChanged = 'select number, version, state, conversation_id, contact_id from tickets where id = $1'

/** Tells programs outside of it. */
const tell = async (query: Query, { ticketId, actor, change }: HistoryLine, at: Date): Promise<void> => {
  const [row] = await query<ChangedRow>(readChanged, [ticketId])
  if (row === undefined) return
  const { number, version, state, conversation_id: conversationId, contact_id: contactId } = row
  const by = 'agentId' in actor ? { actor: 'agent', agentId: actor.agentId } : { actor: actor.author }
  const type = change === 'opened' ? 'ticket.opened' : 'ticket.changed'
  const data = { number, version, state, change, ...by }
  await recordEvents(query, [{ type, at, ticketId, conversationId, contactId, data }])
}

/** Adds a line to the history, and tells of it. What a rule does names the rule. */
export const addHistory = async (query: Query, line: HistoryLine, now: Date): Promise<void> => {
  const { ticketId, actor, change, detail, idempotencyKey } = line
  const isAgent = 'agentId' in actor
  await query(addLine, [
    ticketId,
    now,
    isAgent ? 'agent' : actor.author,
    isAgent ? actor.agentId : null,
    change,
    toJson(isAgent ? detail : { ...detail, rule: actor.rule }),
    idempotencyKey,
  ])
  await tell(query, line, now)
}

/** What the history tells of a change: these facts, as they were and as they are. */
const told = [
  ...['kind', 'topic', 'priority', 'subject', 'tags', 'fields'],
  ...['assigneeId', 'teamId', 'holdReason', 'holdUntil', 'parentId'],
] as readonly (keyof TicketSet & keyof Ticket)[]

/** What `set` makes other than it was, for a line of the history: nothing where nothing differs. */
export const factsChanged = (before: Ticket, set: TicketSet): Row => {
  const changes = told.flatMap((key) => {
    const [from, to] = [before[key] ?? null, set[key]]
    return to === undefined || toJson(from) === toJson(to) ? [] : [[key, { from, to }] as const]
  })
  return changes.length === 0 ? {} : { facts: Object.fromEntries(changes) }
}

/** Whether a change with this key was applied before. */
export const wasApplied = async (
  query: Query,
  ticketId: string,
  idempotencyKey: string | undefined,
): Promise<boolean> => {
  if (idempotencyKey === undefined) return false
  const rows = await query('select 1 from ticket_timeline where ticket_id = $1 and idempotency_key = $2', [
    ticketId,
    idempotencyKey,
  ])
  return rows.length > 0
}

/** A line of history `h` as `toEntry` reads it, with `entryJoins`. */
export const entryFields = 'h.at, h.actor, h.agent_id, g.name as agent_name, h.change, h.detail'
export const entryJoins = 'left join agents g on g.id = h.agent_id'

export interface EntryRow extends Row {
  readonly at: Date
  readonly actor: TimelineEntry['actor']
  readonly agent_id: string | null
  readonly agent_name: string | null
  readonly change: TimelineEntry['change']
  readonly detail: TimelineEntry['detail']
}

export const toEntry = (row: EntryRow): TimelineEntry => ({
  at: row.at,
  actor: row.actor,
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.agent_name === null ? {} : { agentName: row.agent_name }),
  change: row.change,
  detail: row.detail,
})
