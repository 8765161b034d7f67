import { v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type {
  PairChange,
  RelatedTicket,
  SplitDraft,
  Ticket,
  TicketActor,
  TicketPriority,
  TicketRelations,
} from '../core/ticket.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { changeMode } from './lead.ts'
import { lockConversations } from './lock-conversations.ts'
import { addHistory, factsChanged, wasApplied } from './ticket-history.ts'
import { checkVersion, conflict, findTicket, mentionFields } from './ticket-rows.ts'

const findRelated = `
select ${mentionFields}, r.relation, r.inverse
from (
  select to_id as other, kind as relation, false as inverse from ticket_links where from_id = $1
  union all select from_id, kind, true from ticket_links where to_id = $1
  union all select parent_id, 'parent', false from tickets where id = $1 and parent_id is not null
  union all select id, 'child', false from tickets where parent_id = $1
  union all select merged_into, 'merged-into', false from tickets where id = $1 and merged_into is not null
  union all select id, 'merged-from', false from tickets where merged_into = $1
) r join tickets t on t.id = r.other order by t.number desc`

interface RelatedRow extends Row, RelatedTicket {}

const addLink = `
insert into ticket_links (from_id, to_id, kind, created_at) values ($1, $2, $3, $4) on conflict do nothing returning kind`
// Which of the two named the other does not matter to whoever takes the link away.
const dropLink = `
delete from ticket_links where kind = $3 and ((from_id = $1 and to_id = $2) or (from_id = $2 and to_id = $1)) returning kind`

/** Locks two tickets and their conversations, the same way round for everybody; gives them as they are now. */
const lockPair = async (
  query: Query,
  ticketId: string,
  otherId: string,
): Promise<readonly [Ticket, Ticket]> => {
  if (ticketId === otherId) throw new TongdaError('bad_input', 'name another ticket: this is the same one')
  const before = [await findTicket(query, ticketId), await findTicket(query, otherId)] as const
  await lockConversations(
    query,
    before.map(({ conversationId }) => conversationId),
  )
  await query('select id from tickets where id = any($1::uuid[]) order by id for no key update', [
    [ticketId, otherId],
  ])
  return [await findTicket(query, ticketId), await findTicket(query, otherId)]
}

const touch = (query: Query, ticketId: string, now: Date): Promise<unknown> =>
  query('update tickets set updated_at = $2, version = version + 1 where id = $1', [ticketId, now])

const linkTickets = async (
  query: Query,
  change: Parameters<TicketRelations['link']>[0],
  now: Date,
): Promise<Ticket> => {
  const { ticketId, toId, kind, linked, actor, idempotencyKey } = change
  const [ticket, other] = await lockPair(query, ticketId, toId)
  if (await wasApplied(query, ticketId, idempotencyKey)) return ticket
  checkVersion(ticket, change.expectedVersion)
  const changed = await query(linked ? addLink : dropLink, [ticketId, toId, kind, ...(linked ? [now] : [])])
  if (changed.length === 0) return ticket
  const name = linked ? 'linked' : 'unlinked'
  for (const [own, its, key] of [
    [ticket, other, idempotencyKey],
    [other, ticket, undefined],
  ] as const) {
    await touch(query, own.id, now)
    const detail = { number: its.number, kind }
    await addHistory(query, { ticketId: own.id, actor, change: name, detail, idempotencyKey: key }, now)
  }
  return findTicket(query, ticketId)
}

const rank: Readonly<Record<TicketPriority, number>> = { normal: 0, high: 1, urgent: 2 }

const checkMerge = (from: Ticket, into: Ticket): void => {
  if (from.contactId !== into.contactId)
    throw new TongdaError(
      'bad_input',
      'the tickets belong to two contacts; merge the contacts first, or link the tickets as duplicates',
    )
  if (!isOwed(into.state))
    throw conflict(`T-${into.number} is ${into.state}; take it first, or merge the other way round`, into)
  if (from.state === 'closed') throw conflict('this ticket is closed for good; link it instead', from)
}

// The higher of two priorities; what both promised is reckoned from the opening of the older one.
const absorb = `
update tickets t set updated_at = $3, version = t.version + 1, priority = $4,
  tags = (select coalesce(array_agg(distinct tag order by tag), '{}') from unnest(t.tags || f.tags) tag),
  fields = f.fields || t.fields
from tickets f where t.id = $1 and f.id = $2`

const closeMerged = `
update tickets set updated_at = $3, version = version + 1, state = 'closed', closed_at = $3, merged_into = $2,
  parent_id = null, hold_reason = null, hold_until = null where id = $1`

const adopt = `
update tickets set parent_id = $2, updated_at = $3, version = version + 1 where parent_id = $1 and id <> $2 returning id`

const moveLinks = `
insert into ticket_links (from_id, to_id, kind, created_at)
select case when from_id = $1 then $2 else from_id end, case when to_id = $1 then $2 else to_id end, kind, created_at
from ticket_links where $1 in (from_id, to_id) and $2 not in (from_id, to_id)
on conflict do nothing`

/** What hung under the merged ticket hangs under the one that goes on, and says so. */
const moveChildren = async (
  query: Query,
  { from, into, actor }: { readonly from: Ticket; readonly into: Ticket; readonly actor: TicketActor },
  now: Date,
): Promise<void> => {
  const children = await query<{ id: string }>(adopt, [from.id, into.id, now])
  // A parent that goes on in one of its own children has no place under itself.
  await query('update tickets set parent_id = null where id = $2 and parent_id = $1', [from.id, into.id])
  const detail = { facts: { parentId: { from: from.id, to: into.id } } }
  for (const { id: ticketId } of children)
    await addHistory(query, { ticketId, actor, change: 'changed', detail }, now)
}

/** Nobody leads any more where the merged ticket was, unless it goes on there. */
const leaveConversation = async (
  query: Query,
  from: Ticket,
  into: Ticket,
  dialogue: string,
): Promise<void> => {
  if (from.conversationId !== into.conversationId)
    await changeMode(query, { conversationId: from.conversationId, mode: 'bot', dialogue })
}

const mergeTickets = async (
  query: Query,
  change: Parameters<TicketRelations['merge']>[0],
  { now, dialogue }: { readonly now: Date; readonly dialogue: string },
): Promise<Ticket> => {
  const { ticketId, intoId, actor, idempotencyKey } = change
  const [from, into] = await lockPair(query, ticketId, intoId)
  if (await wasApplied(query, ticketId, idempotencyKey)) return into
  checkVersion(from, change.expectedVersion)
  checkMerge(from, into)
  const priority = rank[from.priority] > rank[into.priority] ? from.priority : into.priority
  await query(absorb, [intoId, ticketId, now, priority])
  await query(moveLinks, [ticketId, intoId])
  await query('delete from ticket_links where $1 in (from_id, to_id)', [ticketId])
  await moveChildren(query, { from, into, actor }, now)
  await query(closeMerged, [ticketId, intoId, now])
  await leaveConversation(query, from, into, dialogue)
  const before = { state: from.state, mode: from.conversationMode }
  const merged = { number: into.number, before, state: 'closed' }
  await addHistory(query, { ticketId, actor, change: 'merged', detail: merged, idempotencyKey }, now)
  const kept = await findTicket(query, intoId)
  const facts = factsChanged(into, { ...kept, parentId: kept.parentId ?? null })
  const absorbed = { number: from.number, openedAt: from.createdAt, ...facts }
  await addHistory(query, { ticketId: intoId, actor, change: 'absorbed', detail: absorbed }, now)
  return kept
}

const addTicket = `
insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, subject, summary,
  reason, assignee_id, created_at, updated_at, first_reply_due_at, resolution_due_at)
select $1, nextval('ticket_numbers')::int, conversation_id, contact_id, $3, $4, $5, case when $6::text is null then 'new' else 'open' end,
  $7, $7, $8, $9, $6, $10, $10, $11, $12
from tickets where id = $2 returning number`

const countOfConversation =
  'select count(*)::int as count from messages where conversation_id = $1 and id = any($2::uuid[])'

const checkMessages = async (query: Query, ticket: Ticket, ids: readonly string[]): Promise<void> => {
  const [found] = await query<{ count: number }>(countOfConversation, [ticket.conversationId, ids])
  if (found?.count !== ids.length)
    throw new TongdaError('bad_input', 'some of the messages are not of this conversation; choose them again')
}

const openSplit = async (
  query: Query,
  { ticketId, actor, draft }: PairChange & { readonly draft: SplitDraft },
  now: Date,
): Promise<{ readonly id: string; readonly number: number }> => {
  const id = uuid()
  const holder = 'agentId' in actor ? actor.agentId : null
  const { kind, topic, priority, title, summary, reason, firstReplyDueAt, resolutionDueAt } = draft
  const values = [id, ticketId, kind, topic, priority, holder, title, summary, reason, now]
  const [row] = await query<{ number: number }>(addTicket, [...values, firstReplyDueAt, resolutionDueAt])
  if (row === undefined) throw new Error('the split ticket was not added')
  return { id, number: row.number }
}

const splitKey = (idempotencyKey: string | undefined): string | undefined =>
  idempotencyKey === undefined ? undefined : `split:${idempotencyKey}`

const findSplit = `
select (detail ->> 'ticketId')::uuid as id from ticket_timeline where ticket_id = $1 and idempotency_key = $2`

const splitTicket = async (
  query: Query,
  change: Parameters<TicketRelations['split']>[0],
  now: Date,
): Promise<Ticket> => {
  const { ticketId, actor, draft, messageIds } = change
  const key = splitKey(change.idempotencyKey)
  const seen = await findTicket(query, ticketId)
  await lockConversations(query, [seen.conversationId])
  await query('select id from tickets where id = $1 for no key update', [ticketId])
  if (await wasApplied(query, ticketId, key)) {
    const [done] = await query<{ id: string }>(findSplit, [ticketId, key])
    return findTicket(query, done?.id ?? ticketId)
  }
  const ticket = await findTicket(query, ticketId)
  checkVersion(ticket, change.expectedVersion)
  await checkMessages(query, ticket, messageIds)
  const { id, number } = await openSplit(query, change, now)
  await query(addLink, [id, ticketId, 'split', now])
  await touch(query, ticketId, now)
  const detail = { number, ticketId: id, messageIds }
  await addHistory(query, { ticketId, actor, change: 'split', detail, idempotencyKey: key }, now)
  const opened = { reason: draft.reason, brief: draft.brief, from: ticket.number, messageIds }
  await addHistory(query, { ticketId: id, actor, change: 'opened', detail: opened }, now)
  return findTicket(query, id)
}

/** Which tickets belong together, on one database. `freshDialogue` is what the bot starts from where it leads again. */
export const createTicketRelations = (database: Database, freshDialogue: unknown): TicketRelations => {
  const dialogue = toJson(freshDialogue)
  const inOne = <Result>(work: (query: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    related: async (ticketId) =>
      (await database.query<RelatedRow>(findRelated, [ticketId])).map((row) => ({ ...row })),
    link: (change, now) => inOne((query) => linkTickets(query, change, now)),
    merge: (change, now) => inOne((query) => mergeTickets(query, change, { now, dialogue })),
    split: (change, now) => inOne((query) => splitTicket(query, change, now)),
  }
}
