import { v7 as uuid } from 'uuid'
import type {
  Claim,
  ConversationMode,
  DialogueState,
  OutboundDraft,
  PendingMessage,
  StoredDecision,
  TurnOutcome,
} from '../core/conversation.ts'
import type { OpenSurvey } from '../core/survey-answer.ts'
import type { CommitResult } from '../core/stores.ts'
import { toJson, type Query, type Row } from './database.ts'
import { incidentParts, incidentRows, touchesIncidents } from './turn-incidents.ts'

/** Of `leased` conversations all that a turn needs; each line as it stood when the statement began. */
const described = `
select l.id, l.fence::int as fence, l.inbox_id, l.contact_id, l.mode, l.dialogue,
  (extract(epoch from now() - l.ready_at) * 1000)::float8 as ready_for_ms,
  (select tier from contacts where id = l.contact_id) as tier,
  t.id as ticket_id, t.number as ticket_number, t.state as ticket_state,
  (select jsonb_agg(jsonb_build_object('id', m.id, 'seq', m.seq, 'parts', m.parts, 'sentAt', m.sent_at,
      'wantsReply', m.wants_reply, 'mayContinue', m.may_continue, 'passiveUntil', m.passive_until)
      order by m.sent_at, m.provider_id, m.seq)
    from messages m where m.conversation_id = l.id and m.pending) as pending,
  (select jsonb_build_object('id', v.id, 'expiresAt', v.expires_at, 'score', v.score, 'commented', v.comment is not null,
      'question', (select k.question from survey_campaigns k where k.id = v.campaign_id))
    from survey_invitations v where v.conversation_id = l.id and v.asked_at is not null and v.state in ('asked', 'answered')
    order by v.asked_at desc limit 1) as survey,
  exists (select from identity_checks i where i.conversation_id = l.id and i.state = 'open') as awaits_code,
  l.fence > 1 + (select c.fence from conversations c where c.id = l.id) as outrun
from leased l
left join lateral (
  select id, number, state from tickets where conversation_id = l.id and merged_into is null
  order by state in ('solved', 'closed'), state = 'pending' desc, coalesce(closed_at, solved_at, updated_at) desc limit 1
) t on true`

const claimReady = `
with picked as (
  select id from conversations
  where ready_at <= now() and (lease_until is null or lease_until < now())
  order by ready_at limit $2 for update skip locked
), leased as (
  update conversations c
  set lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond', fence = c.fence + 1
  from picked where c.id = picked.id
  returning c.id, c.fence, c.inbox_id, c.contact_id, c.mode, c.dialogue, c.ready_at
)${described}`

/**
 * Between the beginning of a claim and its lock another turn may have ended. The lock then holds the conversation as that
 * turn left it, everything else was read as it was before: the same messages would be answered again, and later ones never.
 */
const describeAgain = `
with leased as (
  select id, fence, inbox_id, contact_id, mode, dialogue, ready_at from conversations where id = any($1::uuid[])
)${described}`

/** Outbox `x` of a message of which nothing was tried. */
export const isUntried = `x.status in ('queued', 'waiting') and not exists (
    select from outbox y where y.message_id = x.message_id and (y.attempts > 0 or y.status not in ('queued', 'waiting')))`

/**
 * One statement for any number of turns: whoever lost the lease drops out at 'alive', and with it all its effects.
 * 'pending' is counted down, not looked up: a message that arrives meanwhile must not be missed.
 */
const commitTurns = `
with turn as (
  select * from jsonb_to_recordset($1::jsonb) as x(conversation_id uuid, fence bigint, mode text,
    dialogue jsonb, handled int, says int, notices jsonb, survey jsonb)
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
), unsaid as (
  -- Invitations that nobody tried to send yet are taken back, whole or not at all.
  update outbox x set status = 'withdrawn', settled_at = $6
  from locked t join alive on alive.id = t.conversation_id join conversations o on o.contact_id = alive.contact_id
  join survey_invitations v on v.conversation_id = o.id and v.asked_at is not null and v.state = 'asked'
  where t.survey ? 'stop' and x.message_id = v.message_id and ${isUntried}
  returning v.id, t.survey ->> 'invitationId' as rated
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
const commitPlain = commitTurns + whoCommitted
const commitWithIncidents = commitTurns + incidentParts + whoCommitted

interface ClaimRow extends Record<string, unknown> {
  readonly id: string
  readonly fence: number
  readonly inbox_id: string
  readonly contact_id: string
  readonly tier: string | null
  readonly mode: ConversationMode
  readonly dialogue: DialogueState
  readonly ready_for_ms: number
  readonly ticket_id: string | null
  readonly ticket_number: number | null
  readonly ticket_state: string | null
  readonly pending: readonly PendingRow[] | null
  readonly survey: SurveyRow | null
  readonly awaits_code: boolean
  /** Another turn ended while this was claimed; what else the row says is from before it. */
  readonly outrun: boolean
}
interface SurveyRow extends Omit<OpenSurvey, 'expiresAt' | 'score' | 'question'> {
  readonly expiresAt: string
  readonly score: OpenSurvey['score'] | null
  readonly question: OpenSurvey['question'] | null
}
interface PendingRow extends Omit<PendingMessage, 'sentAt' | 'passiveUntil'> {
  readonly sentAt: string
  readonly passiveUntil: string | null
}

const toPending = ({ passiveUntil, sentAt, ...row }: PendingRow): PendingMessage => ({
  ...row,
  sentAt: new Date(sentAt),
  ...(passiveUntil === null ? {} : { passiveUntil: new Date(passiveUntil) }),
})

/** What was pressed in the platform's menu; undefined: nothing was. */
const pressedIn = ({ parts }: PendingMessage): string | undefined =>
  parts.flatMap((part) => (part.kind === 'event' && part.name === 'menu' ? [part.value ?? ''] : []))[0]

/** Whoever pressed two things in the menu while nobody answered is owed two answers: the second is a turn of its own. */
const oneTurn = (pending: readonly PendingMessage[]): readonly PendingMessage[] => {
  const first = pending.map(pressedIn).find((key) => key !== undefined)
  const second = pending.findIndex((message) => (pressedIn(message) ?? first) !== first)
  return second < 0 ? pending : pending.slice(0, second)
}

const toSurvey = ({ expiresAt, score, question, ...row }: SurveyRow): OpenSurvey => ({
  ...row,
  expiresAt: new Date(expiresAt),
  ...(score === null || score === undefined ? {} : { score }),
  ...(question === null || question === undefined ? {} : { question }),
})

/** The ticket of a row, as the open one or as the one that was settled last. */
const ticketOf = ({
  ticket_id: id,
  ticket_number: number,
  ticket_state: state,
}: ClaimRow): Partial<Claim> => {
  if (id === null || number === null || state === null) return {}
  if (state === 'solved' || state === 'closed') return { lastTicket: { id, number, state } }
  return { ticket: { id, number, state } }
}

const toClaim = (row: ClaimRow): Claim => ({
  conversationId: row.id,
  fence: row.fence,
  inboxId: row.inbox_id,
  contactId: row.contact_id,
  ...(row.tier === null ? {} : { tier: row.tier }),
  mode: row.mode,
  dialogue: row.dialogue,
  readyForMs: row.ready_for_ms,
  ...ticketOf(row),
  ...(row.survey === null ? {} : { survey: toSurvey(row.survey) }),
  ...(row.awaits_code ? { awaitsCode: true } : {}),
  pending: oneTurn((row.pending ?? []).map(toPending)),
})

/** `claim` of the conversation store. */
export const createClaim =
  (query: Query) =>
  async (owner: string, limit: number, leaseMs: number): Promise<readonly Claim[]> => {
    const rows = await query<ClaimRow>(claimReady, [owner, limit, leaseMs])
    const outrun = rows.filter((row) => row.outrun).map(({ id }) => id)
    const again = outrun.length === 0 ? [] : await query<ClaimRow>(describeAgain, [outrun])
    return [...rows.filter((row) => !row.outrun), ...again]
      .map(toClaim)
      .filter(({ pending }) => pending.length > 0)
  }

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
    const alive = await query<{ id: string; more: boolean }>(more ? commitWithIncidents : commitPlain, [
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
