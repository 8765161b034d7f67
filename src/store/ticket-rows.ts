import { TongdaError } from '../core/errors.ts'
import type { Ticket, TicketMention } from '../core/ticket.ts'
import type { Query, Row } from './database.ts'

/**
 * When ticket `t` is in danger: a quarter of the time of something promised is left. One that was not reckoned yet
 * stands by the first reply that was promised at its opening.
 */
export const inDangerAt = `coalesce(t.danger_at, case when t.reckoned_version = 0 and t.first_replied_at is null
  and t.state not in ('solved', 'closed') then t.first_reply_due_at - (t.first_reply_due_at - t.created_at) / 4 end)`

/** A ticket `t` as `toTicket` reads it, with `ticketJoins`. */
export const ticketFields = `t.id, t.number, t.conversation_id as "conversationId", t.contact_id as "contactId",
  p.display_name as "contactName", p.tier as "contactTier", c.inbox_id as "inboxId", c.channel, c.mode as "conversationMode", t.kind, t.topic,
  t.priority, t.state, t.title, t.subject, t.summary, t.reason,
  (select h.detail -> 'brief' from ticket_timeline h where h.ticket_id = t.id and h.change = 'opened' order by h.id limit 1)
    as brief, t.assignee_id as "assigneeId", g.name as "assigneeName", t.team_id as "teamId",
  t.created_at as "createdAt", t.updated_at as "updatedAt", t.first_reply_due_at as "firstReplyDueAt",
  t.next_reply_due_at as "nextReplyDueAt",
  t.resolution_due_at as "resolutionDueAt", t.due_at as "dueAt", ${inDangerAt} as "dangerAt", t.paused_at as "pausedAt", t.first_replied_at as "firstRepliedAt", t.solved_at as "solvedAt",
  t.closed_at as "closedAt", t.tags, t.fields, t.hold_reason as "holdReason", t.hold_until as "holdUntil",
  t.parent_id as "parentId", t.merged_into as "mergedInto", t.version`

export const ticketJoins = `join conversations c on c.id = t.conversation_id join contacts p on p.id = t.contact_id
  left join agents g on g.id = t.assignee_id`

export type TicketRow = { readonly [Key in keyof Ticket]: Ticket[Key] | null } & Row

// A null column is an absent property: the ticket's optional facts.
const isTicket = (row: Row): row is Row & Ticket =>
  typeof row.id === 'string' && typeof row.number === 'number'

export const toTicket = (row: TicketRow): Ticket => {
  const present: Row = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  if (!isTicket(present)) throw new Error('a ticket row lacks its id or number')
  return present
}

/** Throws `not_found`. */
export const findTicket = async (query: Query, ticketId: string): Promise<Ticket> => {
  const [row] = await query<TicketRow>(
    `select ${ticketFields} from tickets t ${ticketJoins} where t.id = $1`,
    [ticketId],
  )
  if (row === undefined)
    throw new TongdaError('not_found', 'there is no such ticket; it may have been erased')
  return toTicket(row)
}

/** Somebody was faster: `version` and `yours` tell clients how old their screen is. */
export const conflict = (message: string, ticket: Ticket, yours?: number): TongdaError =>
  new TongdaError('conflict', message, {
    version: ticket.version,
    assigneeName: ticket.assigneeName,
    ...(yours === undefined ? {} : { yours }),
  })

/** Whether somebody was faster. */
export const isConflict = (error: unknown): boolean =>
  error instanceof TongdaError && error.code === 'conflict'

/** Refuses a change made on an old screen. */
export const checkVersion = (ticket: Ticket, expected: number | undefined): void => {
  if (expected !== undefined && expected !== ticket.version)
    throw conflict(
      'the ticket has changed since it was opened; look at what is new, then try again',
      ticket,
      expected,
    )
}

/** A ticket `t` as `TicketMention`. */
export const mentionFields = 't.id, t.number, t.state, coalesce(t.subject, t.title) as title'
export interface MentionRow extends Row, TicketMention {}
