import { validate as isUuid, v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import { mayFollow } from '../core/ticket-lifecycle.ts'
import type { FindRepliedTicket, Ticket, TicketChange, TicketSet, TicketStore } from '../core/ticket.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { changeMode } from './lead.ts'
import { recordMentions } from './mentions.ts'
import { lockConversations } from './lock-conversations.ts'
import { createTicketLists } from './ticket-lists.ts'
import { sayDraft } from './say-draft.ts'
import { addMessage } from './say.ts'
import {
  addHistory,
  entryFields,
  entryJoins,
  factsChanged,
  toEntry,
  wasApplied,
  type EntryRow,
} from './ticket-history.ts'
import { checkVersion, conflict, findTicket } from './ticket-rows.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'

const checkCurrent = (change: TicketChange, ticket: Ticket): void => {
  checkVersion(ticket, change.expectedVersion)
  const { state = ticket.state } = change.set
  if (!mayFollow(ticket.state, state))
    throw conflict(
      ticket.state === 'closed'
        ? 'this ticket is closed for good; open a new one and link it'
        : `a ${ticket.state} ticket cannot turn ${state}; take it first`,
      ticket,
    )
  const actorId = 'agentId' in change.actor ? change.actor.agentId : undefined
  const heldByOther = ticket.assigneeId !== undefined && ticket.assigneeId !== actorId
  if (change.onlyIfUnassigned === true && heldByOther) {
    throw conflict(`${ticket.assigneeName ?? 'another agent'} already has this ticket`, ticket)
  }
}

/** The column of each fact that a change may set; a moment only counts while there is none. */
const columns: Readonly<Record<Exclude<keyof TicketSet, 'mode'>, string>> = {
  state: 'state',
  assigneeId: 'assignee_id',
  teamId: 'team_id',
  queuedAt: 'queued_at',
  firstRepliedAt: 'first_replied_at',
  solvedAt: 'solved_at',
  closedAt: 'closed_at',
  kind: 'kind',
  topic: 'topic',
  priority: 'priority',
  subject: 'subject',
  tags: 'tags',
  fields: 'fields',
  holdReason: 'hold_reason',
  holdUntil: 'hold_until',
  parentId: 'parent_id',
}
const isColumn = (key: string): key is keyof typeof columns => Object.hasOwn(columns, key)

const assign = (key: keyof typeof columns, place: number, value: unknown): string => {
  const parameter = `$${String(place)}`
  if (key === 'fields') return `fields = ${parameter}::jsonb`
  if (key === 'firstRepliedAt' && value !== null)
    return `first_replied_at = coalesce(first_replied_at, ${parameter}::timestamptz)`
  return `${columns[key]} = ${parameter}`
}

/** Writes what the change sets; what it does not name stays. A hold ends with the state. */
const updateTicket = async (query: Query, ticketId: string, set: TicketSet, now: Date): Promise<void> => {
  const leavesHold = set.state !== undefined && set.state !== 'on_hold'
  const whole: TicketSet = leavesHold ? { ...set, holdReason: null, holdUntil: null } : set
  const named = Object.entries(whole).flatMap(([key, value]): (readonly [keyof typeof columns, unknown])[] =>
    isColumn(key) && value !== undefined ? [[key, value]] : [],
  )
  const assignments = named.map(([key, value], at) => assign(key, at + 3, value))
  await query(
    `update tickets set ${['updated_at = $2', 'version = version + 1', ...assignments].join(', ')} where id = $1`,
    [ticketId, now, ...named.map(([key, value]) => (key === 'fields' ? toJson(value) : value))],
  )
}

/** A ticket hangs under one that hangs under none, and nothing hangs under it. */
const checkParent = async (query: Query, ticket: Ticket, parentId: string): Promise<void> => {
  const parent = await findTicket(query, parentId)
  if (parent.id === ticket.id) throw new TongdaError('bad_input', 'a ticket cannot hang under itself')
  if (parent.parentId !== undefined)
    throw new TongdaError(
      'bad_input',
      `T-${parent.number} hangs under another ticket; hang this one under that`,
    )
  const children = await query('select 1 from tickets where parent_id = $1 limit 1', [ticket.id])
  if (children.length > 0)
    throw new TongdaError('bad_input', 'other tickets hang under this one; move them first')
}

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
  await changeMode(query, {
    conversationId: before.conversationId,
    mode: 'bot',
    dialogue,
    ticketId: before.id,
  })
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

const agentOf = ({ actor }: TicketChange): string | null => ('agentId' in actor ? actor.agentId : null)

/** Says what is to be said; gives the id of the message. */
const say = async (
  query: Query,
  change: TicketChange,
  conversationId: string,
  now: Date,
): Promise<string | undefined> => {
  if (change.say === undefined) return undefined
  await claimFiles(query, change.say.parts)
  const { say: draft, holdMs = 0 } = change
  return sayDraft(query, { draft, conversationId, agentId: agentOf(change), holdMs, now })
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
  const messageId = uuid()
  await query(addMessage, [
    messageId,
    conversationId,
    'note',
    'agentId' in change.actor ? 'agent' : 'system',
    agentOf(change),
    parts,
    now,
  ])
  const { note: text, ticketId } = change
  await recordMentions(query, { note: text, messageId, ticketId, authorId: agentOf(change) }, now)
}

/** So that a change of state can be taken back, and whoever reads the history knows what the ticket was when. */
const statesOf = ({ set }: TicketChange, { state, conversationMode: mode }: Ticket): Row =>
  set.state === undefined ? {} : { before: { state, mode }, state: set.state }

/** Whoever is given a ticket of a team takes it out of the team's queue: the pace that waits are told by. */
const leaveQueue = `
insert into queue_exits (team_id, ticket_id, agent_id, entered_at, left_at)
select team_id, id, assignee_id, coalesce(queued_at, created_at), $2 from tickets
where id = $1 and team_id is not null and assignee_id is not null`

/** Applies a change within a transaction; see `TicketStore.apply`. */
export const applyChange = async (
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
  if (await wasApplied(query, change.ticketId, change.idempotencyKey)) return before
  checkCurrent(change, before)
  const { set } = change
  if (typeof set.parentId === 'string') await checkParent(query, before, set.parentId)
  await updateTicket(query, change.ticketId, set, now)
  if (before.assigneeId === undefined && typeof set.assigneeId === 'string')
    await query(leaveQueue, [change.ticketId, now])
  const conversationId = change.moveTo ?? before.conversationId
  if (conversationId !== before.conversationId) await moveTicket(query, before, conversationId, dialogue)
  if (set.mode !== undefined)
    await changeMode(query, { conversationId, mode: set.mode, dialogue, ticketId: before.id })
  await withdraw(query, change, before, now)
  const messageId = await say(query, change, conversationId, now)
  await note(query, change, conversationId, now)
  const detail = {
    ...change.detail,
    ...(messageId === undefined ? {} : { messageId }),
    ...factsChanged(before, change.set),
    ...statesOf(change, before),
  }
  const { ticketId, actor, idempotencyKey } = change
  await addHistory(query, { ticketId, actor, change: change.change, detail, idempotencyKey }, now)
  return findTicket(query, change.ticketId)
}

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
    ...createTicketLists(query),
    get: (ticketId) => findTicket(query, ticketId),
    timeline: async (ticketId) =>
      (
        await query<EntryRow>(
          `select ${entryFields} from ticket_timeline h ${entryJoins} where h.ticket_id = $1 order by h.id`,
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
