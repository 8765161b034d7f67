import { validate as isUuid, v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import type {
  FindRepliedTicket,
  Ticket,
  TicketChange,
  TicketQuery,
  TicketStore,
  TimelineEntry,
} from '../core/ticket.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { newLeader } from './lead.ts'
import { lockConversations } from './lock-conversations.ts'
import { addMessage, addOutbox } from './say.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'
import { outboundRows } from './turns.ts'

const ticketFields = `t.id, t.number, t.conversation_id as "conversationId", t.contact_id as "contactId",
  p.display_name as "contactName", c.inbox_id as "inboxId", c.channel, c.mode as "conversationMode", t.kind, t.topic,
  t.priority, t.state, t.title, t.summary, t.reason,
  (select h.detail -> 'brief' from ticket_timeline h where h.ticket_id = t.id and h.change = 'opened' order by h.id limit 1)
    as brief, t.assignee_id as "assigneeId", g.name as "assigneeName",
  t.created_at as "createdAt", t.updated_at as "updatedAt", t.first_reply_due_at as "firstReplyDueAt",
  t.resolution_due_at as "resolutionDueAt", t.first_replied_at as "firstRepliedAt", t.solved_at as "solvedAt", t.version`

const ticketJoins = `join conversations c on c.id = t.conversation_id join contacts p on p.id = t.contact_id
  left join agents g on g.id = t.assignee_id`

const views: Readonly<Record<TicketQuery['view'], string>> = {
  unassigned: `t.assignee_id is null and t.state not in ('solved', 'closed')`,
  mine: `t.assignee_id = $1 and t.state not in ('solved', 'closed')`,
  open: `t.state not in ('solved', 'closed')`,
  solved: `t.state in ('solved', 'closed')`,
  all: 'true',
}

type TicketRow = { readonly [Key in keyof Ticket]: Ticket[Key] | null } & Row

// A null column is an absent property: the ticket's optional facts.
const isTicket = (row: Row): row is Row & Ticket =>
  typeof row.id === 'string' && typeof row.number === 'number'
const toTicket = (row: TicketRow): Ticket => {
  const present: Row = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  if (!isTicket(present)) throw new Error('a ticket row lacks its id or number')
  return present
}

const findTicket = async (query: Query, ticketId: string): Promise<Ticket> => {
  const [row] = await query<TicketRow>(
    `select ${ticketFields} from tickets t ${ticketJoins} where t.id = $1`,
    [ticketId],
  )
  if (row === undefined)
    throw new TongdaError('not_found', 'there is no such ticket; it may have been erased')
  return toTicket(row)
}

const conflict = (message: string, ticket: Ticket): TongdaError =>
  new TongdaError('conflict', message, { version: ticket.version, assigneeName: ticket.assigneeName })

const checkCurrent = (change: TicketChange, ticket: Ticket): void => {
  if (change.expectedVersion !== undefined && change.expectedVersion !== ticket.version) {
    throw conflict('the ticket has changed since it was opened; look at what is new, then try again', ticket)
  }
  const heldByOther = ticket.assigneeId !== undefined && ticket.assigneeId !== change.actor.agentId
  if (change.onlyIfUnassigned === true && heldByOther) {
    throw conflict(`${ticket.assigneeName ?? 'another agent'} already has this ticket`, ticket)
  }
}

const updateTicket = `
update tickets set updated_at = $2, version = version + 1, state = coalesce($3, state),
  assignee_id = coalesce($4, assignee_id),
  first_replied_at = case when $8 then null else coalesce(first_replied_at, $5::timestamptz) end,
  solved_at = case when $6 then $7::timestamptz else solved_at end
where id = $1`

const changeMode = `update conversations set ${newLeader('$2', '$3')} where id = $1 and mode <> $2`

/** The contact's own conversation to go on in; the bot leads where it went on before. */
const moveTicket = async (query: Query, before: Ticket, to: string, dialogue: string): Promise<void> => {
  const [target] = await query('select id from conversations where id = $1 and contact_id = $2', [
    to,
    before.contactId,
  ])
  if (target === undefined)
    throw new TongdaError(
      'bad_input',
      'this is no conversation of the same contact; merge the contacts first',
    )
  await query(changeMode, [before.conversationId, 'bot', dialogue])
  await query('update tickets set conversation_id = $2 where id = $1', [before.id, to])
}

/** Waits for whoever clears files away, and tells what became of them then. */
const lockFiles = `
select id, unsent_since = '-infinity' as doomed from media where id = any($1::uuid[]) order by id for update`

const keepFiles = `update media set unsent_since = null where id = any($1::uuid[]) and unsent_since is not null`

/** From now on the files belong to a message. Throws `bad_input` when one is gone or being cleared away. */
const claimFiles = async (query: Query, parts: readonly Part[]): Promise<void> => {
  const ids = parts.flatMap((part) =>
    'media' in part && part.media.mediaId !== undefined ? [part.media.mediaId] : [],
  )
  if (ids.length === 0) return
  const files = await query<{ id: string; doomed: boolean | null }>(lockFiles, [ids.filter(isUuid)])
  const kept = new Set(files.filter(({ doomed }) => doomed !== true).map(({ id }) => id))
  if (ids.some((id) => !kept.has(id)))
    throw new TongdaError('bad_input', 'an attached file was cleared away; remove it and upload it again')
  await query(keepFiles, [ids])
}

/** Says what is to be said; gives the id of the message. */
const say = async (
  query: Query,
  change: TicketChange,
  conversationId: string,
  now: Date,
): Promise<string | undefined> => {
  if (change.say === undefined) return undefined
  const rows = outboundRows(change.say, conversationId, undefined)
  const { message } = rows
  await claimFiles(query, change.say.parts)
  await query(addMessage, [
    message.id,
    conversationId,
    'out',
    message.author,
    change.actor.agentId,
    toJson(message.parts),
    now,
  ])
  const outbox = toJson(rows.outbox.map((row, place) => ({ ...row, place })))
  await query(addOutbox, [outbox, now, change.holdMs ?? 0])
  return message.id
}

const withdrawMessage = `
update outbox set status = 'withdrawn', settled_at = $3
where message_id = $1 and conversation_id = $2 and status in ('queued', 'waiting') and attempts = 0 returning id`

/** Senders lock the conversation before they take a message, as this change did: whole or not at all. */
const withdraw = async (query: Query, change: TicketChange, ticket: Ticket, now: Date): Promise<void> => {
  if (change.withdraw === undefined) return
  const [row] = await query<{ count: number }>(
    'select count(*)::int as count from outbox where message_id = $1',
    [change.withdraw],
  )
  const taken = await query(withdrawMessage, [change.withdraw, ticket.conversationId, now])
  if (taken.length === 0 || taken.length !== row?.count)
    throw conflict('this message is on its way or gone already; it cannot be taken back', ticket)
}

const note = async (query: Query, change: TicketChange, conversationId: string, now: Date): Promise<void> => {
  if (change.note === undefined) return
  const parts = toJson([{ kind: 'text', text: change.note }])
  await query(addMessage, [uuid(), conversationId, 'note', 'agent', change.actor.agentId, parts, now])
}

const addHistory = `
insert into ticket_timeline (ticket_id, at, actor, agent_id, change, detail, idempotency_key)
values ($1, $2, 'agent', $3, $4, $5::jsonb, $6)`

/** So that a change of state can be taken back. */
const stateBefore = ({ set }: TicketChange, { state, conversationMode: mode }: Ticket): Row =>
  set.state === undefined ? {} : { before: { state, mode } }

const wasApplied = async (query: Query, { ticketId, idempotencyKey }: TicketChange): Promise<boolean> => {
  if (idempotencyKey === undefined) return false
  const rows = await query('select 1 from ticket_timeline where ticket_id = $1 and idempotency_key = $2', [
    ticketId,
    idempotencyKey,
  ])
  return rows.length > 0
}

const applyChange = async (
  query: Query,
  change: TicketChange,
  dialogue: string,
  now: Date,
): Promise<Ticket> => {
  const { conversationId: led } = await findTicket(query, change.ticketId)
  await lockConversations(query, change.moveTo === undefined ? [led] : [led, change.moveTo])
  // Held until commit: of fifty who take the same ticket, one sees it free.
  await query('select id from tickets where id = $1 for no key update', [change.ticketId])
  const before = await findTicket(query, change.ticketId)
  if (await wasApplied(query, change)) return before
  checkCurrent(change, before)
  const { set } = change
  await query(updateTicket, [
    change.ticketId,
    now,
    set.state,
    set.assigneeId,
    set.firstRepliedAt ?? undefined,
    set.solvedAt !== undefined,
    set.solvedAt,
    set.firstRepliedAt === null,
  ])
  const conversationId = change.moveTo ?? before.conversationId
  if (conversationId !== before.conversationId) await moveTicket(query, before, conversationId, dialogue)
  if (set.mode !== undefined) await query(changeMode, [conversationId, set.mode, dialogue])
  await withdraw(query, change, before, now)
  const messageId = await say(query, change, conversationId, now)
  await note(query, change, conversationId, now)
  await query(addHistory, [
    change.ticketId,
    now,
    change.actor.agentId,
    change.change,
    toJson({
      ...change.detail,
      ...(messageId === undefined ? {} : { messageId }),
      ...stateBefore(change, before),
    }),
    change.idempotencyKey,
  ])
  return findTicket(query, change.ticketId)
}

interface TimelineRow extends Row {
  readonly at: Date
  readonly actor: TimelineEntry['actor']
  readonly agent_id: string | null
  readonly agent_name: string | null
  readonly change: TimelineEntry['change']
  readonly detail: TimelineEntry['detail']
}

const toEntry = (row: TimelineRow): TimelineEntry => ({
  at: row.at,
  actor: row.actor,
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.agent_name === null ? {} : { agentName: row.agent_name }),
  change: row.change,
  detail: row.detail,
})

const repliedTicket = `
select h.ticket_id as id from messages m join tickets t on t.conversation_id = m.conversation_id
join ticket_timeline h on h.ticket_id = t.id
where m.id = $1 and h.change = 'replied' and h.detail ->> 'messageId' = m.id::text`

/** Finds the ticket of a reply on one database. */
export const createFindRepliedTicket =
  ({ query }: Database): FindRepliedTicket =>
  async (messageId) => {
    const [row] = await query<{ id: string }>(repliedTicket, [messageId])
    if (row === undefined)
      throw new TongdaError('not_found', 'there is no such reply; it may have been erased')
    return row.id
  }

/** The ticket store on one database. `freshDialogue` is what the bot starts from when a person hands back. */
export const createTicketStore = (database: Database, freshDialogue: unknown): TicketStore => {
  const { query } = database
  const dialogue = toJson(freshDialogue)
  return {
    list: async ({ view, agentId, limit }) => {
      const order =
        view === 'solved'
          ? 't.updated_at desc'
          : 'coalesce(t.first_replied_at, t.first_reply_due_at), t.number'
      const text = `select ${ticketFields} from tickets t ${ticketJoins} where ${views[view]} and $1::text is not null
        order by ${order} limit $2`
      return (await query<TicketRow>(text, [agentId, limit])).map(toTicket)
    },
    get: (ticketId) => findTicket(query, ticketId),
    timeline: async (ticketId) =>
      (
        await query<TimelineRow>(
          `select h.at, h.actor, h.agent_id, g.name as agent_name, h.change, h.detail
           from ticket_timeline h left join agents g on g.id = h.agent_id where h.ticket_id = $1 order by h.id`,
          [ticketId],
        )
      ).map(toEntry),
    transcript: async (conversationId, limit) =>
      (
        await query<MessageRow>(
          `select ${messageFields} from messages m ${messageJoins} where m.conversation_id = $1 order by m.seq desc limit $2`,
          [conversationId, limit],
        )
      )
        .map(toMessage)
        .reverse(),
    apply: (change, now) =>
      retryCollisions(() =>
        database.transaction((transaction) => applyChange(transaction, change, dialogue, now)),
      ),
  }
}
