import { v7 as uuid } from 'uuid'
import type { LowScore, Review, SurveyReviews } from '../core/survey.ts'
import type { TicketActor } from '../core/ticket.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import { addMessage } from './say.ts'
import { addHistory } from './ticket-history.ts'

const actor: TicketActor = { author: 'system', rule: 'low-score' }

const readDue = `
select v.id as "invitationId", v.version, v.score, v.comment, t.number as "ticketNumber", v.topic, v.channel,
  p.tier as "contactTier", v.review_ticket_id as "reviewTicketId"
from survey_invitations v join tickets t on t.id = v.ticket_id join conversations c on c.id = v.conversation_id
join contacts p on p.id = c.contact_id
where v.review_at <= $1 and v.score is not null order by v.review_at, v.id limit $2`

const present = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

const readPlace = `
select v.ticket_id as "ticketId", v.conversation_id as "conversationId", v.review_ticket_id as "reviewTicketId",
  t.conversation_id as "ticketConversationId", t.number
from survey_invitations v join tickets t on t.id = v.ticket_id
where v.id = $1 and v.version = $2 and v.review_at is not null`

interface Place extends Row {
  readonly ticketId: string
  readonly conversationId: string
  readonly reviewTicketId: string | null
  readonly ticketConversationId: string
  readonly number: number
}

/** Everything that is changed, locked in the usual order; undefined: somebody was faster, or the answer is another. */
const lockPlace = async (
  query: Query,
  { invitationId, version }: Review['of'],
): Promise<Place | undefined> => {
  const [seen] = await query<Place>(readPlace, [invitationId, version])
  if (seen === undefined) return undefined
  await lockConversations(query, [seen.conversationId, seen.ticketConversationId])
  const ids = [seen.ticketId, seen.reviewTicketId].filter((id) => id !== null)
  await query('select id from tickets where id = any($1::uuid[]) order by id for no key update', [ids])
  await query('select id from survey_invitations where id = $1 for update', [invitationId])
  const [place] = await query<Place>(readPlace, [invitationId, version])
  return place
}

const addTicket = `
insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
  created_at, updated_at, first_reply_due_at, resolution_due_at)
select $1, nextval('ticket_numbers')::int, v.conversation_id, c.contact_id, $3, v.topic, 'normal', 'new', $4, $5, $6, $7, $7,
  $8, $9
from survey_invitations v join conversations c on c.id = v.conversation_id where v.id = $2 returning number`

const openReview = async (
  query: Query,
  invitationId: string,
  draft: Review['draft'],
  now: Date,
): Promise<{ readonly id: string; readonly number: number }> => {
  const id = uuid()
  const { kind, title, summary, reason, brief, firstReplyDueAt, resolutionDueAt } = draft
  const facts = [id, invitationId, kind, title, summary, reason, now]
  const [row] = await query<{ number: number }>(addTicket, [...facts, firstReplyDueAt, resolutionDueAt])
  if (row === undefined) throw new Error('the review ticket was not added')
  await addHistory(query, { ticketId: id, actor, change: 'opened', detail: { reason, brief } }, now)
  return { id, number: row.number }
}

const link = `insert into ticket_links (from_id, to_id, kind, created_at) values ($1, $2, 'related', $3) on conflict do nothing`

const touch = `
update tickets set updated_at = $2, version = version + 1,
  tags = case when $3::text is null or $3 = any(tags) then tags else tags || $3 end
where id = $1`

/** A note that agents see, in the ticket's conversation and history. */
const noteOn = async (
  query: Query,
  { ticketId, conversationId }: { readonly ticketId: string; readonly conversationId: string },
  { note, tag }: { readonly note: string; readonly tag: string | null },
  now: Date,
): Promise<void> => {
  await query(touch, [ticketId, now, tag])
  const parts = toJson([{ kind: 'text', text: note }])
  await query(addMessage, [uuid(), conversationId, 'note', 'system', null, parts, now])
  await addHistory(query, { ticketId, actor, change: 'noted', detail: {} }, now)
}

const remember = `
update survey_invitations set review_at = null, review_ticket_id = $2, version = version + 1 where id = $1`

const settleFirst = async (
  query: Query,
  { of, draft, note, tag }: Review,
  { ticketId, ticketConversationId: conversationId, number }: Place,
  now: Date,
): Promise<readonly string[]> => {
  const review = await openReview(query, of.invitationId, draft, now)
  await query(link, [review.id, ticketId, now])
  const linked = (other: number) => ({ number: other, kind: 'related' })
  await addHistory(query, { ticketId: review.id, actor, change: 'linked', detail: linked(number) }, now)
  await noteOn(query, { ticketId, conversationId }, { note, tag }, now)
  await addHistory(query, { ticketId, actor, change: 'linked', detail: linked(review.number) }, now)
  await query(remember, [of.invitationId, review.id])
  return [ticketId, review.id]
}

const settle = async (query: Query, review: Review, now: Date): Promise<readonly string[]> => {
  const place = await lockPlace(query, review.of)
  if (place === undefined) return []
  const { reviewTicketId: ticketId, conversationId } = place
  if (ticketId === null) return settleFirst(query, review, place, now)
  await noteOn(query, { ticketId, conversationId }, { note: review.note, tag: null }, now)
  await query(remember, [review.of.invitationId, ticketId])
  return [ticketId]
}

/** Low scores and the tickets in which somebody looks at them, on one database. */
export const createSurveyReviews = (database: Database): SurveyReviews => ({
  due: async (now, limit) =>
    (await database.query(readDue, [now, limit])).map((row) => present(row) as unknown as LowScore),
  settle: (review, now) => retryCollisions(() => database.transaction((query) => settle(query, review, now))),
})
