import { v7 as uuid } from 'uuid'
import type { PastKeeper, PastTalk, PastTicket } from '../core/past.ts'
import { initialDialogue, type ConversationMode } from '../core/conversation.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { recordEvents } from './record-event.ts'

const insertAgents = `
insert into agents (id, name, email, role)
select id, name, email, role from jsonb_to_recordset($1::jsonb) as x(id text, name text, email text, role text)
on conflict do nothing`

const insertContact = 'insert into contacts (id, display_name, created_at) values ($1, $2, $3)'
const insertIdentity = `
insert into contact_identities (inbox_id, contact_key, contact_id, display_name, created_at) values ($1, $2, $3, $4, $5)`

const insertConversation = `
insert into conversations (id, inbox_id, channel, thread_key, contact_key, contact_id, mode, dialogue, last_seq,
  last_inbound_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11)`

const insertMessages = `
insert into messages (id, conversation_id, seq, inbox_id, dedup_key, direction, author, agent_id, parts, sent_at, created_at,
  decision)
select id, $2, seq, $3, case when direction = 'in' then id::text end, direction, author, "agentId", parts, at, at, decision
from jsonb_to_recordset($1::jsonb)
  as x(id uuid, seq int, direction text, author text, "agentId" text, parts jsonb, at timestamptz, decision jsonb)`

const insertSent = `
insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, attempts, next_attempt_at, via,
  created_at, settled_at)
select id, message_id, $2, $3, author, part, 'sent', 1, at, 'api', at, at
from jsonb_to_recordset($1::jsonb) as x(id uuid, message_id uuid, author text, part jsonb, at timestamptz)`

const insertTicket = `
insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
  assignee_id, created_at, updated_at, first_reply_due_at, resolution_due_at, first_replied_at, solved_at, closed_at,
  tags, hold_reason, reckoned_version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
  case when $8 in ('solved', 'closed') then 1 else 0 end)`

const insertHistory = `
insert into ticket_timeline (ticket_id, at, actor, agent_id, change, detail)
select $2, at, actor, "agentId", change, detail from jsonb_to_recordset($1::jsonb)
  as x(at timestamptz, actor text, "agentId" text, change text, detail jsonb)`

const insertRating = `
insert into survey_invitations (id, ticket_id, contact_id, conversation_id, solved_at, agent_id, channel, topic, state,
  due_at, asked_at, expires_at, answered_at, settled_at, score, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'answered', $5, $5, $9, $9, $9, $10, $5)`

/** What readers of the event log learn of: who looks for suggestions, for questions without an answer, for a rush. */
const recordHeard = (query: Query, { contact, conversation, messages }: PastTalk): Promise<void> =>
  recordEvents(
    query,
    messages.flatMap(({ id, at, direction }, place) =>
      direction === 'in'
        ? [
            {
              ...{ type: 'message.received' as const, at, conversationId: conversation.id },
              contactId: contact.id,
              data: { messageId: id, seq: place + 1, inboxId: conversation.inboxId },
            },
          ]
        : [],
    ),
  )

const insertTalk = async (query: Query, talk: PastTalk, mode: ConversationMode): Promise<void> => {
  const { contact, conversation, messages } = talk
  const heard = messages.filter(({ direction }) => direction === 'in').at(-1)
  const since = messages[0]?.at
  await query(insertContact, [contact.id, contact.name, since])
  await query(insertIdentity, [conversation.inboxId, contact.key, contact.id, contact.name, since])
  await query(insertConversation, [
    ...[conversation.id, conversation.inboxId, conversation.channel, conversation.threadKey, contact.key],
    ...[contact.id, mode, toJson({ ...initialDialogue, greeted: true }), messages.length],
    ...[heard?.at, since],
  ])
  const said = messages.map((message, place) => ({ ...message, seq: place + 1 }))
  await query(insertMessages, [toJson(said), conversation.id, conversation.inboxId])
  const sent = messages.flatMap(({ id, author, at, rendered = [] }) =>
    rendered.map((part) => ({ id: uuid(), message_id: id, author, part, at })),
  )
  await query(insertSent, [toJson(sent), conversation.id, conversation.inboxId])
  await recordHeard(query, talk)
}

const insertOne = async (query: Query, ticket: PastTicket): Promise<void> => {
  const { id, contact, conversation, rating, solvedAt, state } = ticket
  // With a person at work the bot is silent.
  await insertTalk(query, ticket, state === 'solved' || state === 'closed' ? 'bot' : 'human')
  await query(insertTicket, [
    ...[id, ticket.number, conversation.id, contact.id, ticket.kind, ticket.topic, ticket.priority],
    ...[ticket.state, ticket.title, ticket.summary, ticket.reason, ticket.assigneeId, ticket.openedAt],
    ...[ticket.updatedAt, ticket.firstReplyDueAt, ticket.resolutionDueAt, ticket.firstRepliedAt, solvedAt],
    ...[ticket.closedAt, [...ticket.tags], ticket.holdReason],
  ])
  await query(insertHistory, [toJson(ticket.history), id])
  if (rating !== undefined)
    await query(insertRating, [
      ...[uuid(), id, contact.id, conversation.id, solvedAt, ticket.assigneeId, conversation.channel],
      ...[ticket.topic, rating.at, rating.score],
    ])
}

/** Nobody has signed in as them; where they were put to work meanwhile, they leave it. */
const leaving = `select id from agents a where id = any($1) and not exists (select from sessions where agent_id = a.id)`
const dismissals = [
  `delete from team_members where agent_id in (${leaving})`,
  `delete from presence where agent_id in (${leaving})`,
  `delete from agents where id in (${leaving})`,
]

/** What somebody has rewritten is theirs. */
const untouched = 'id = any($1::uuid[]) and version = 1'

/** Keeps the demo's past on one database. */
export const createPastKeeper = (database: Database): PastKeeper => ({
  numbers: async (count) =>
    (
      await database.query<{ number: number } & Row>(
        `select nextval('ticket_numbers')::int as number from generate_series(1, $1::int)`,
        [count],
      )
    ).map(({ number }) => number),
  begin: ({ agents, tickets, talks }) =>
    database.transaction(async (query) => {
      await query(insertAgents, [toJson(agents)])
      for (const ticket of tickets) await insertOne(query, ticket)
      for (const talk of talks) await insertTalk(query, talk, 'bot')
    }),
  dismiss: (agentIds) =>
    database.transaction(async (query) => {
      for (const statement of dismissals) await query(statement, [[...agentIds]])
    }),
  aids: async (keys) => {
    const [counted] = await database.query<{ replies: number; macros: number } & Row>(
      `select (select count(*)::int from canned_replies where ${untouched}) as replies,
        (select count(*)::int from macros where ${untouched}) as macros`,
      [keys.map(keyedId)],
    )
    return { cannedReplies: counted?.replies ?? 0, macros: counted?.macros ?? 0 }
  },
  forget: (keys) =>
    database.transaction(async (query) => {
      for (const table of ['canned_replies', 'macros'])
        await query(`delete from ${table} where ${untouched}`, [keys.map(keyedId)])
    }),
})
