import type { TicketActor, TicketChangeName } from '../core/ticket.ts'
import { toJson, type Query } from './database.ts'

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

/** Adds a line to the history. What a rule does names the rule. */
export const addHistory = async (
  query: Query,
  { ticketId, actor, change, detail, idempotencyKey }: HistoryLine,
  now: Date,
): Promise<void> => {
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
