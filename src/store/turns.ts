import { v7 as uuid } from 'uuid'
import type { OutboundDraft, StoredDecision, TurnOutcome } from '../core/conversation.ts'
import type { CommitResult } from '../core/stores.ts'
import { toJson, type Query, type Row } from './database.ts'
import { incidentParts, incidentRows, touchesIncidents } from './turn-incidents.ts'
import { isWhollyUntried, overtakenBy, questionParts } from './turn-questions.ts'

/**
 * One statement for any number of turns: whoever lost the lease drops out at 'alive', and with it all its effects.
 * 'pending' is counted down, not looked up: a message that arrives meanwhile must not be missed.
 */
const commitTurns = `
with turn as (
  select * from jsonb_to_recordset($1::jsonb) as x(conversation_id uuid, fence bigint, mode text,
    dialogue jsonb, handled int, says int, notices jsonb, survey jsonb, overtakes jsonb)
), locked as (
  -- In the order of lock-conversations.ts, which another node's accept keeps too.
  select t.* from turn t join conversations c on c.id = t.conversation_id
  order by c.inbox_id, c.thread_key for no key update of c
), alive as (
  update conversations c set mode = t.mode, dialogue = t.dialogue, pending = c.pending - t.handled,
    last_seq = c.last_seq + t.says, lease_owner = null, lease_until = null, fence = c.fence + 1,
    ready_at = case when c.pending > t.handled then coalesce(c.ready_at, now()) end,
    settle_until = case when c.pending > t.handled then c.settle_until end
  from locked t where c.id = t.conversation_id and c.fence = t.fence
  returning c.id, c.inbox_id, c.contact_id, c.last_seq - t.says as before, c.ready_at is not null as more
), handled as (
  update messages m set pending = false, decision = d.decision
  from jsonb_to_recordset($2::jsonb) as d(id uuid, conversation_id uuid, decision jsonb), alive
  where m.id = d.id and alive.id = d.conversation_id
), said as (
  insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
  select s.id, alive.id, alive.before + s.place, alive.inbox_id, s.direction, s.author, s.parts, $6, $6
  from jsonb_to_recordset($3::jsonb) as s(id uuid, conversation_id uuid, place int, direction text, author text, parts jsonb)
  join alive on alive.id = s.conversation_id
  returning id, conversation_id, seq, author
), queued as (
  insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, passive_for,
    passive_only, in_reply_to, created_at)
  select q.id, q.message_id, alive.id, alive.inbox_id, q.author, q.part, q.status,
    greatest(now(), (select passive_until from messages where id = q.passive_for)), q.passive_for, q.passive_only,
    (select provider_id from messages where id = q.answers), $6
  from jsonb_to_recordset($4::jsonb) as q(id uuid, message_id uuid, conversation_id uuid, author text,
    part jsonb, status text, passive_for uuid, passive_only boolean, answers uuid, place int)
  join alive on alive.id = q.conversation_id order by q.place
), noticed as (
  -- Told with the first thing that is said.
  update feedback_notices n set state = 'told', way = 'next-message', settled_at = $6, message_id = (
    select id from said where said.conversation_id = alive.id order by seq limit 1)
  from locked t join alive on alive.id = t.conversation_id
  where n.conversation_id = alive.id and n.state = 'waits' and t.notices ? n.id::text
  returning n.id, n.theme_id, n.message_id, n.conversation_id
), rated as (
  update survey_invitations v set version = v.version + 1,
    state = case when t.survey ? 'score' then 'answered' when t.survey ? 'stop' and v.state = 'asked' then 'refused'
      else v.state end,
    score = coalesce((t.survey ->> 'score')::int, v.score), comment = coalesce(t.survey ->> 'comment', v.comment),
    answered_at = case when t.survey ? 'score' then coalesce(v.answered_at, $6) else v.answered_at end,
    settled_at = coalesce(v.settled_at, $6),
    review_at = case when t.survey ? 'reviewAt' then coalesce((t.survey ->> 'reviewAt')::timestamptz,
      case when v.review_ticket_id is not null then $6::timestamptz end) else v.review_at end
  from locked t join alive on alive.id = t.conversation_id
  where v.id = (t.survey ->> 'invitationId')::uuid and v.conversation_id = alive.id and v.state in ('asked', 'answered')
  returning v.id, v.ticket_id, v.campaign_id, v.conversation_id, v.state, v.score
), stopped as (
  insert into survey_stops (conversation_id, at)
  select alive.id, $6 from locked t join alive on alive.id = t.conversation_id where t.survey ? 'stop'
  on conflict do nothing
), withdrawn as (
  update survey_consents s set withdrawn_at = $6 from locked t join alive on alive.id = t.conversation_id
  join conversations o on o.contact_id = alive.contact_id
  where t.survey ? 'stop' and s.conversation_id = o.id and s.withdrawn_at is null
), invited as (
  -- Invitations that nobody tried to send yet are taken back, whole or not at all. Whoever holds one is waited for: many
  -- do that for other reasons than to send it.
  select x.id, x.message_id, x.status, x.attempts, v.id as invitation, t.survey ->> 'invitationId' as rated
  from locked t join alive on alive.id = t.conversation_id join conversations o on o.contact_id = alive.contact_id
  join survey_invitations v on v.conversation_id = o.id and v.asked_at is not null and v.state = 'asked'
  join outbox x on x.message_id = v.message_id
  where t.survey ? 'stop' for no key update of x
), unsaid as (
  update outbox x set status = 'withdrawn', settled_at = $6 from invited i
  where x.id = i.id and ${isWhollyUntried('invited')}
  returning i.invitation as id, i.rated
), untold as (
  update survey_invitations v set state = 'refused', settled_at = $6, version = v.version + 1
  from (select distinct id from unsaid where id::text is distinct from rated) u where v.id = u.id and v.state = 'asked'
), agreed as (
  insert into survey_consents (id, conversation_id, at, way)
  select gen_random_uuid(), alive.id, $6, 'conversation' from locked t join alive on alive.id = t.conversation_id
  where t.survey ? 'consent' and not exists (select from survey_consents s join conversations o on o.id = s.conversation_id
    where o.contact_id = alive.contact_id and s.withdrawn_at is null)
), unstopped as (
  delete from survey_stops s using locked t join alive on alive.id = t.conversation_id
  join conversations o on o.contact_id = alive.contact_id
  where t.survey ? 'consent' and s.conversation_id = o.id
), opened as (
  insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
    created_at, updated_at, first_reply_due_at, resolution_due_at, due_at)
  select k.id, k.number, alive.id, k.contact_id, k.kind, k.topic, k.priority, 'new', k.title, k.summary, k.reason,
    $6, $6, k.first_reply_due_at, k.resolution_due_at, k.first_reply_due_at
  from jsonb_to_recordset($5::jsonb) as k(id uuid, number int, conversation_id uuid, contact_id uuid, kind text,
    topic text, priority text, title text, summary text, reason text, first_reply_due_at timestamptz,
    resolution_due_at timestamptz)
  join alive on alive.id = k.conversation_id where k.id is not null
  returning id, reason, number, version, state, kind, priority, conversation_id
), linked as (
  insert into ticket_links (from_id, to_id, kind, created_at)
  select k.id, k.continues, 'continues', $6 from opened o
  join jsonb_to_recordset($5::jsonb) as k(id uuid, continues uuid) on k.id = o.id where k.continues is not null
), touched as (
  update tickets t set updated_at = $6, version = t.version + 1,
    state = case when t.state in ('pending', 'on_hold', 'solved') then 'open' else t.state end,
    hold_reason = null, hold_until = null, solved_at = null,
    priority = case when k.urgent then 'urgent' else t.priority end
  from jsonb_to_recordset($5::jsonb) as k(conversation_id uuid, touched uuid, urgent boolean)
  join alive on alive.id = k.conversation_id
  join tickets named on named.id = k.touched
  -- Merged while the bot thought: the one that goes on hears of it.
  join tickets old on old.id = coalesce(named.merged_into, named.id)
  where t.id = old.id and t.state <> 'closed'
  returning t.id, t.state, t.number, t.version, t.conversation_id, old.state as before, t.priority, old.priority as was
), filled as (
  update ticket_timeline h set detail = jsonb_set(h.detail, '{brief,forms}', coalesce((
      select jsonb_agg(f) from jsonb_array_elements(h.detail #> '{brief,forms}') f where f ->> 'id' <> k.form ->> 'id'
    ), '[]') || jsonb_build_array(k.form))
  from jsonb_to_recordset($5::jsonb) as k(conversation_id uuid, fills uuid, form jsonb)
  join alive on alive.id = k.conversation_id
  where h.ticket_id = k.fills and h.change = 'opened' and h.detail ? 'brief'
), history as (
  insert into ticket_timeline (ticket_id, at, actor, change, detail)
  select o.id, $6::timestamptz, 'bot', 'opened', jsonb_strip_nulls(jsonb_build_object('reason', o.reason, 'brief', k.brief))
    from opened o join jsonb_to_recordset($5::jsonb) as k(id uuid, brief jsonb) on k.id = o.id
  union all select id, $6::timestamptz, 'contact', case when before = 'solved' then 'reopened' else 'contact-wrote' end,
    jsonb_build_object('state', state) || case when priority = was then '{}' else jsonb_build_object('facts',
      jsonb_build_object('priority', jsonb_build_object('from', was, 'to', priority))) end from touched
), logged as (
  insert into events (type, at, ticket_id, conversation_id, contact_id, data)
  select x.type, $6::timestamptz, x.ticket_id, alive.id, alive.contact_id, x.data from (
    select 1 as rank, seq, 'message.sent' as type, null::uuid as ticket_id, conversation_id,
      jsonb_build_object('messageId', id, 'seq', seq, 'author', author) as data from said
    union all select 2, 0, 'ticket.opened', id, conversation_id, jsonb_build_object('number', number,
      'version', version, 'state', state, 'kind', kind, 'priority', priority) from opened
    union all select 3, 0, 'ticket.changed', id, conversation_id, jsonb_build_object('number', number,
      'version', version, 'state', state, 'change', case when before = 'solved' then 'reopened' else 'contact-wrote' end, 'actor', 'contact') from touched
    union all select 4, 0, 'feedback.told', null, conversation_id, jsonb_build_object('themeId', theme_id,
      'noticeId', id, 'way', 'next-message', 'messageId', message_id) from noticed
    union all select 5, 0, 'survey.answered', ticket_id, conversation_id, jsonb_build_object('invitationId', id,
      'score', score) || jsonb_strip_nulls(jsonb_build_object('campaignId', campaign_id)) from rated where state = 'answered'
  ) x join alive on alive.id = x.conversation_id order by x.conversation_id, x.rank, x.seq
)`
const whoCommitted = '\nselect id, more from alive'

/** The rows one message to be sent becomes: the message as the desk shows it, and one outbox row a provider message. */
export const outboundRows = (
  draft: OutboundDraft,
  conversationId: string,
  passiveFor: string | undefined,
) => {
  const messageId = uuid()
  return {
    message: {
      id: messageId,
      conversation_id: conversationId,
      direction: 'out',
      author: draft.author,
      parts: draft.parts,
    },
    outbox: draft.rendered.map((part, place) => ({
      id: uuid(),
      message_id: messageId,
      conversation_id: conversationId,
      author: draft.author,
      part,
      status: draft.passiveOnly ? 'waiting' : 'queued',
      passive_only: draft.passiveOnly,
      // Only the first can ride on the request; the rest follow it by their position.
      passive_for: place === 0 ? passiveFor : undefined,
    })),
  }
}

const ticketRows = (outcome: TurnOutcome): readonly Row[] => {
  const { claim, openTicket, touchesTicket, reopensTicket, turnsUrgent, ticketForm } = outcome
  if (openTicket !== undefined) {
    return [
      {
        id: uuid(),
        conversation_id: claim.conversationId,
        contact_id: claim.contactId,
        number: openTicket.number,
        kind: openTicket.kind,
        topic: openTicket.topic,
        priority: openTicket.priority,
        title: openTicket.title,
        summary: openTicket.summary,
        reason: openTicket.reason,
        brief: openTicket.brief,
        first_reply_due_at: openTicket.firstReplyDueAt,
        resolution_due_at: openTicket.resolutionDueAt,
        continues: openTicket.continues,
      },
    ]
  }
  const { conversationId } = claim
  const ticket = reopensTicket === true ? claim.lastTicket : claim.ticket
  if (ticket === undefined) return []
  return [
    ...(touchesTicket || reopensTicket === true
      ? [{ conversation_id: conversationId, touched: ticket.id, urgent: turnsUrgent === true }]
      : []),
    ...(ticketForm === undefined
      ? []
      : [{ conversation_id: conversationId, fills: ticket.id, form: ticketForm }]),
  ]
}

/** The decision as it is kept: with the times of its turn, and by which messages it was carried out. */
const storedDecision = ({ decision, times }: TurnOutcome, replies: readonly string[]): StoredDecision =>
  times === undefined ? decision : { ...decision, times: { ...times, replies } }

const turnRows = (outcome: TurnOutcome) => {
  const { claim, outbound, mode, dialogue, tellsNotices, survey } = outcome
  const { conversationId, fence, pending } = claim
  const passiveFor = pending.findLast((message) => message.passiveUntil !== undefined)?.id
  // What was said last is what the answer is about, of what asks for one.
  const answers = (pending.findLast(({ wantsReply }) => wantsReply) ?? pending.at(-1))?.id
  const said = outbound.map((draft, place) =>
    outboundRows(draft, conversationId, place === 0 ? passiveFor : undefined),
  )
  const decision = storedDecision(
    outcome,
    said.map(({ message }) => message.id),
  )
  return {
    turn: {
      conversation_id: conversationId,
      fence,
      mode,
      dialogue,
      handled: pending.length,
      says: outbound.length,
      notices: tellsNotices ?? [],
      survey,
      overtakes: overtakenBy(outcome),
    },
    // The last piece carries the decision: it is the one that completed what was understood.
    handled: pending.map((message, place) => ({
      id: message.id,
      conversation_id: conversationId,
      decision: place === pending.length - 1 ? decision : undefined,
    })),
    said: said.map(({ message }, place) => ({ ...message, place: place + 1 })),
    queued: said.flatMap((rows) => rows.outbox).map((row, place) => ({ ...row, answers, place })),
    tickets: ticketRows(outcome),
  }
}

/** `commit` of the conversation store. */
export const createCommit =
  (query: Query) =>
  async (outcomes: readonly TurnOutcome[], now: Date): Promise<readonly CommitResult[]> => {
    const rows = outcomes.map(turnRows)
    const more = outcomes.some(touchesIncidents)
    const overtakes = rows.some(({ turn }) => turn.overtakes !== undefined)
    const parts = [commitTurns, overtakes ? questionParts : '', more ? incidentParts : '', whoCommitted]
    const alive = await query<{ id: string; more: boolean }>(parts.join(''), [
      toJson(rows.map((row) => row.turn)),
      toJson(rows.flatMap((row) => row.handled)),
      toJson(rows.flatMap((row) => row.said)),
      toJson(rows.flatMap((row) => row.queued)),
      toJson(rows.flatMap((row) => row.tickets)),
      now,
      ...(more ? [incidentRows(outcomes)] : []),
    ])
    const results = new Map(alive.map(({ id, more }) => [id, more ? 'more' : 'committed'] as const))
    return outcomes.map(({ claim }) => results.get(claim.conversationId) ?? 'fenced')
  }
