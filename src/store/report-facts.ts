import type { ChannelName } from '../core/message.ts'
import {
  mostFacts,
  type CaseFact,
  type FactTicket,
  type FailureFact,
  type ReplyFact,
  type ReportFacts,
  type SessionFact,
  type SuggestionFact,
  type SurveyFact,
  type TicketFact,
} from '../core/report.ts'
import type { Database, Row } from './database.ts'
import { readWall } from './report-wall.ts'

// Turns in which nothing was said to anybody (a contact subscribed, a position report) are none, but for those that a
// person leads. A pause of a day ends a session.
const listSessions = `
with heard as (
  select m.id, m.conversation_id, m.seq, m.created_at, m.decision ->> 'kind' as kind, m.decision ->> 'rule' as rule,
    m.decision -> 'classification' ->> 'topic' as topic, m.decision -> 'reasons' as reasons,
    m.created_at - lag(m.created_at) over (partition by m.conversation_id order by m.seq) > interval '24 hours' as late
  from messages m
  where m.decision is not null and m.direction = 'in' and m.created_at >= $1::timestamptz - interval '24 hours'
    and m.created_at < $3 and (m.decision ->> 'kind' <> 'silent' or m.decision ->> 'rule' = 'person-leads')
), numbered as (
  select *, count(*) filter (where coalesce(late, true)) over (partition by conversation_id order by seq) as nth
  from heard
), sessions as (
  select conversation_id, (array_agg(id order by seq))[1] as id, min(created_at) as started_at, max(created_at) as ended_at,
    (array_agg(topic order by seq) filter (where topic is not null and kind in ('answer', 'clarify', 'collect', 'escalate')))[1]
      as topic,
    bool_or(kind in ('answer', 'clarify', 'collect', 'escalate')) as asked,
    bool_or(kind = 'answer') as answered,
    bool_or(rule like 'corrected%' or rule = 'still-unsolved' or jsonb_path_exists(reasons,
      '$[*].code ? (@ == "thumbed-down" || @ == "none-fits" || @ == "not-helped" || @ == "corrected" || @ == "corrected-again")'))
      as unhelpful,
    bool_or(kind = 'escalate' or rule = 'person-leads') as escalated
  from numbered group by conversation_id, nth
)
select s.*, c.contact_id, c.inbox_id, c.channel, t.id as ticket_id, t.number as ticket_number,
  s.escalated or exists (
    select 1 from tickets o where o.conversation_id = s.conversation_id and o.created_at >= s.started_at
      and o.created_at < s.ended_at + interval '1 hour'
      and not exists (select 1 from survey_invitations i where i.review_ticket_id = o.id)) as handed_off
from sessions s join conversations c on c.id = s.conversation_id
left join lateral (
  select id, number from tickets where conversation_id = s.conversation_id order by number desc limit 1) t on true
where s.started_at >= $1 and s.started_at < $2
order by s.started_at, s.id limit ${String(mostFacts + 1)}`

const listTickets = `
select t.id, t.number, t.conversation_id, c.channel, t.topic, t.assignee_id, t.created_at, t.first_replied_at, t.solved_at
from tickets t join conversations c on c.id = t.conversation_id
where t.merged_into is null
  and (t.created_at >= $1 and t.created_at < $2 or t.solved_at >= $1 and t.solved_at < $2)
order by t.created_at, t.number limit ${String(mostFacts + 1)}`

const listSurveys = `
select i.id, i.conversation_id, i.channel, i.agent_id, i.asked_at, case when i.state = 'answered' then i.score end as score,
  t.id as ticket_id, t.number as ticket_number
from survey_invitations i join tickets t on t.id = i.ticket_id
where i.asked_at >= $1 and i.asked_at < $2 order by i.asked_at, i.id`

const listReplies = `
select l.agent_id, t.conversation_id, c.channel, min(l.at) as at, t.id as ticket_id, t.number as ticket_number
from ticket_timeline l join tickets t on t.id = l.ticket_id join conversations c on c.id = t.conversation_id
where l.change = 'replied' and l.agent_id is not null and l.at >= $1 and l.at < $2
group by l.agent_id, t.id, c.channel order by at, t.number`

// Withdrawn words were taken back, not lost.
const listFailures = `
select o.id, o.conversation_id, o.inbox_id, c.channel, o.created_at as at, o.status, o.error ->> 'code' as code,
  t.id as ticket_id, t.number as ticket_number
from outbox o join conversations c on c.id = o.conversation_id
left join lateral (
  select id, number from tickets where conversation_id = o.conversation_id order by number desc limit 1) t on true
where o.created_at >= $1 and o.created_at < $2
  and (o.status in ('failed', 'expired')
    or o.status = 'waiting' and o.error ->> 'code' in ('window_closed', 'quota_exhausted'))
order by o.created_at, o.position`

const listCases = `
select k.id, k.kind, k.state, k.round, k.created_at, k.due_at, t.conversation_id, c.channel, t.id as ticket_id,
  t.number as ticket_number, d.decided_at, d.verdict
from complaint_cases k join tickets t on t.id = k.ticket_id join conversations c on c.id = t.conversation_id
left join lateral (
  select settled_at as decided_at, verdict from case_decisions
  where case_id = k.id and round = k.round and state = 'effective' order by settled_at desc limit 1) d on true
where k.created_at >= $1 and k.created_at < $2 order by k.created_at, k.id`

const listSuggestions = `
select f.id, f.said_at, f.channel, f.conversation_id, h.id as theme_id, coalesce(h.name, h.label) as theme,
  t.id as ticket_id, t.number as ticket_number
from feedback_items f left join feedback_themes h on h.id = f.theme_id
left join lateral (
  select id, number from tickets where conversation_id = f.conversation_id or id = f.ticket_id
  order by number desc limit 1) t on true
where f.discarded_at is null and f.said_at >= $1 and f.said_at < $2 order by f.said_at, f.id`

interface FactRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly channel: ChannelName
  readonly ticket_id: string | null
  readonly ticket_number: number | null
}

const ticketOf = ({ ticket_id: id, ticket_number: number }: FactRow): { readonly ticket?: FactTicket } =>
  id === null || number === null ? {} : { ticket: { id, number } }

/** For facts that have one by how they are read. */
const sureTicket = ({ ticket_id: id, ticket_number: number }: FactRow): FactTicket => ({
  id: id ?? '',
  number: number ?? 0,
})

interface SessionRow extends FactRow {
  readonly contact_id: string
  readonly inbox_id: string
  readonly started_at: Date
  readonly ended_at: Date
  readonly topic: string | null
  readonly asked: boolean
  readonly answered: boolean
  readonly unhelpful: boolean | null
  readonly handed_off: boolean
}

const toSession = (row: SessionRow): SessionFact => ({
  ...{ id: row.id, conversationId: row.conversation_id, contactId: row.contact_id },
  ...{ inboxId: row.inbox_id, channel: row.channel, startedAt: row.started_at, endedAt: row.ended_at },
  ...(row.topic === null ? {} : { topic: row.topic }),
  ...{
    asked: row.asked,
    answered: row.answered,
    unhelpful: row.unhelpful ?? false,
    handedOff: row.handed_off,
  },
  ...ticketOf(row),
})

interface TicketRow extends Row {
  readonly id: string
  readonly number: number
  readonly conversation_id: string
  readonly channel: ChannelName
  readonly topic: string
  readonly assignee_id: string | null
  readonly created_at: Date
  readonly first_replied_at: Date | null
  readonly solved_at: Date | null
}

const toTicket = (row: TicketRow): TicketFact => ({
  ...{ id: row.id, number: row.number, conversationId: row.conversation_id, channel: row.channel },
  ...{ topic: row.topic, createdAt: row.created_at },
  ...(row.assignee_id === null ? {} : { agentId: row.assignee_id }),
  ...(row.first_replied_at === null ? {} : { firstRepliedAt: row.first_replied_at }),
  ...(row.solved_at === null ? {} : { solvedAt: row.solved_at }),
})

interface SurveyRow extends FactRow {
  readonly agent_id: string | null
  readonly asked_at: Date
  readonly score: number | null
}

const toSurvey = (row: SurveyRow): SurveyFact => ({
  ...{ id: row.id, conversationId: row.conversation_id, channel: row.channel, askedAt: row.asked_at },
  ticket: sureTicket(row),
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.score === null ? {} : { score: row.score }),
})

interface ReplyRow extends FactRow {
  readonly agent_id: string
  readonly at: Date
}

const toReply = (row: ReplyRow): ReplyFact => ({
  ...{ agentId: row.agent_id, conversationId: row.conversation_id, channel: row.channel, at: row.at },
  ticket: sureTicket(row),
})

interface FailureRow extends FactRow {
  readonly inbox_id: string
  readonly at: Date
  readonly status: FailureFact['status']
  readonly code: string | null
}

const toFailure = (row: FailureRow): FailureFact => ({
  ...{ id: row.id, conversationId: row.conversation_id, inboxId: row.inbox_id, channel: row.channel },
  // It expired before anybody tried to send it.
  ...{ at: row.at, status: row.status, code: row.code ?? 'expired' },
  ...ticketOf(row),
})

interface CaseRow extends FactRow {
  readonly kind: string
  readonly state: string
  readonly round: number
  readonly created_at: Date
  readonly due_at: Date
  readonly decided_at: Date | null
  readonly verdict: string | null
}

const toCase = (row: CaseRow): CaseFact => ({
  ...{ id: row.id, conversationId: row.conversation_id, channel: row.channel, ticket: sureTicket(row) },
  ...{ kind: row.kind, state: row.state, appealed: row.round > 1 },
  ...{ createdAt: row.created_at, dueAt: row.due_at },
  ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
  ...(row.verdict === null ? {} : { verdict: row.verdict }),
})

interface SuggestionRow extends Omit<FactRow, 'conversation_id' | 'channel'> {
  readonly id: string
  readonly said_at: Date
  readonly channel: ChannelName | null
  readonly conversation_id: string | null
  readonly theme_id: string | null
  readonly theme: string | null
  readonly ticket_id: string | null
  readonly ticket_number: number | null
}

const toSuggestion = (row: SuggestionRow): SuggestionFact => ({
  ...{ id: row.id, saidAt: row.said_at },
  ...(row.channel === null ? {} : { channel: row.channel }),
  ...(row.conversation_id === null ? {} : { conversationId: row.conversation_id }),
  ...(row.theme_id === null ? {} : { themeId: row.theme_id }),
  ...(row.theme === null ? {} : { theme: row.theme }),
  ...(row.ticket_id === null || row.ticket_number === null
    ? {}
    : { ticket: { id: row.ticket_id, number: row.ticket_number } }),
})

/** Reads what reports are made of, from one database. */
export const createReportFacts = ({ query }: Database): ReportFacts => ({
  sessions: async ({ from, to }, heardUntil) =>
    (await query<SessionRow>(listSessions, [from, to, heardUntil])).map(toSession),
  tickets: async ({ from, to }) => (await query<TicketRow>(listTickets, [from, to])).map(toTicket),
  surveys: async ({ from, to }) => (await query<SurveyRow>(listSurveys, [from, to])).map(toSurvey),
  replies: async ({ from, to }) => (await query<ReplyRow>(listReplies, [from, to])).map(toReply),
  failures: async ({ from, to }) => (await query<FailureRow>(listFailures, [from, to])).map(toFailure),
  cases: async ({ from, to }) => (await query<CaseRow>(listCases, [from, to])).map(toCase),
  suggestions: async ({ from, to }) =>
    (await query<SuggestionRow>(listSuggestions, [from, to])).map(toSuggestion),
  agents: async () =>
    new Map(
      (await query<{ id: string; name: string }>('select id, name from agents')).map(({ id, name }) => [
        id,
        name,
      ]),
    ),
  wall: (now) => readWall(query, now),
})
