import { among, chance, idAt, idOf, pick } from './seed-sql.ts'

/** `$2`: the end of what is made. Old tickets are closed; of the newest many are open. */
const facts = `
insert into seed_tickets
select ${idAt('t.opened', `'ticket' || t.n`)}, t.*,
  case when age < 0.4 and ${chance('n', 40)} < 0.5 then 'new'
    when age < 2 and ${chance('n', 40)} < 0.5 then 'open'
    when age < 6 and ${chance('n', 40)} < 0.3 then 'pending'
    when ${chance('n', 40)} < 0.008 then (array['open','pending','on_hold'])[1 + ${pick('n', 41, '3')}]
    when age < 5 then 'solved' else 'closed' end as state,
  opened + power(${chance('n', 42)}, 3) * interval '9 hours' as replied,
  opened + (0.02 + power(${chance('n', 43)}, 2) * 3) * interval '1 day' as solved
from (
  select s.n, p.conversation_id, p.contact_id, s.topic, s.at + 3 * s.pace * interval '1 second' as opened,
    extract(epoch from $2::timestamptz - s.at) / 86400 as age, substr(p.inbox_id, 6) as channel, k.topic as topic_name
  from seed_sessions s join seed_people p on p.n = s.person join seed_topics k on k.place = s.topic where s.has_ticket
) t order by t.opened`

const isDone = `state in ('solved', 'closed')`
const agentOf = `case when state <> 'new' then 'seed-' || lpad((1 + n % 60)::text, 2, '0') end`
const teamOf = idOf(`'seed-team' || 1 + topic % 6`)
const firstDue = `opened + interval '1 hour'`
const resolutionDue = `opened + interval '2 days'`

const tickets = `
insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason, assignee_id,
  created_at, updated_at, first_reply_due_at, resolution_due_at, first_replied_at, solved_at, closed_at, tags, team_id, queued_at,
  version, due_at, paused_at, reckoned_version, hold_reason)
select id, nextval('ticket_numbers'), conversation_id, contact_id,
  ${among('n', 44, [
    ['question', 80],
    ['complaint', 9],
    ['feedback', 6],
    ['appeal', 3],
    ['incident-report', 2],
  ])}, topic_name,
  ${among('n', 45, [
    ['normal', 85],
    ['high', 12],
    ['urgent', 3],
  ])}, state, l.text, '用户说：' || l.text, '用户明确要求人工', ${agentOf}, opened,
  least($2::timestamptz, case when state = 'new' then opened when ${isDone} then solved else replied end), ${firstDue}, ${resolutionDue},
  case when state <> 'new' then replied end, case when ${isDone} then solved end, case when state = 'closed' then solved + interval '3 days' end,
  case when ${chance('n', 46)} < 0.3 then array[(array['退款','风控','待核实','活动','大客户'])[1 + ${pick('n', 47, '5')}]] else '{}' end,
  ${teamOf}, opened, 4, case when state = 'new' then ${firstDue} when state = 'open' then ${resolutionDue} end,
  case when state in ('pending', 'on_hold') then replied end, 4, case when state = 'on_hold' then '等业务方确认' end
from seed_tickets t join (select topic as about, place, text from seed_lines where role = 'ask') l
  on l.about = t.topic and l.place = ${pick('t.n', 48, '3')}
order by opened`

/** Who does what, and when; of which tickets, where not of all. */
interface SeedLine {
  readonly change: string
  readonly actor: 'bot' | 'agent' | 'system'
  readonly at: string
  readonly where?: string
  readonly detail?: string
}

const select = ({ change, actor, at, where = 'true', detail = `'{}'::jsonb` }: SeedLine): string => `
select id, ${at} as at, '${actor}' as actor, ${actor === 'agent' ? agentOf : 'null'} as agent_id, '${change}' as change, ${detail} as detail
from seed_tickets where ${where}`

const brief = `jsonb_build_object('brief', jsonb_build_object('reason', jsonb_build_object('code', 'asked-for-person', 'values', '{}'::jsonb),
  'urgency', 'normal', 'attachments', '[]'::jsonb, 'said', '{"earlier":0,"lines":[]}'::jsonb, 'answered', '{"earlier":0,"lines":[]}'::jsonb))`

const isSeen = `state <> 'new'`
const lines: readonly SeedLine[] = [
  { change: 'opened', actor: 'bot', at: 'opened', detail: brief },
  { change: 'routed', actor: 'system', at: `opened + interval '1 second'` },
  { change: 'taken', actor: 'agent', at: `replied - interval '1 minute'`, where: isSeen },
  { change: 'replied', actor: 'agent', at: 'replied', where: isSeen },
  { change: 'noted', actor: 'agent', at: `replied + interval '5 minutes'`, where: `${isSeen} and n % 3 = 0` },
  { change: 'solved', actor: 'agent', at: 'solved', where: isDone },
  { change: 'closed', actor: 'system', at: `solved + interval '3 days'`, where: `state = 'closed'` },
]

const history = `
insert into ticket_timeline (ticket_id, at, actor, agent_id, change, detail)
select id, at, actor, agent_id, change, detail from (${lines.map(select).join(' union all ')}) h
where $1::bigint is not null order by at`

const surveys = `
insert into survey_invitations (id, ticket_id, contact_id, conversation_id, solved_at, agent_id, team_id, channel, topic, state, due_at,
  asked_at, expires_at, answered_at, settled_at, score, created_at)
select ${idOf(`'survey' || id::text`)}, id, contact_id, conversation_id, solved, ${agentOf}, ${teamOf}, channel, topic_name,
  case when answers then 'answered' else 'expired' end, solved + interval '10 minutes', solved + interval '10 minutes', solved + interval '3 days',
  case when answers then solved + interval '30 minutes' end, solved + interval '3 days',
  case when answers then ('{1,2,3,4,4,4,5,5,5,5}'::int[])[1 + ${pick('n', 50, '10')}] end, solved
from (select *, ${chance('n', 51)} < 0.32 as answers from seed_tickets where ${isDone}) t`

const themes = `
insert into feedback_themes (id, label, words, created_at, updated_at)
select ${idOf(`'seed-theme' || place`)}, '演示建议：' || topic, array[topic], now(), now() from seed_topics where place < 60 and $1::bigint is not null`

const suggestions = `
insert into feedback_items (id, source, conversation_id, inbox_id, channel, sentence, language, cues, said_at, created_at, theme_id, placed_by)
select ${idOf(`'seed-item' || t.n`)}, 'conversation', conversation_id, 'seed-' || channel, channel, '希望能改进：' || l.text, 'zh', '{hope}', opened, opened,
  ${idOf(`'seed-theme' || t.topic % 60`)}, 'machine'
from seed_tickets t join seed_lines l on l.role = 'ask' and l.topic = t.topic and l.place = 0 where ${chance('t.n', 52)} < 0.15`

const counts = `
update feedback_themes t set count = i.count from (
  select theme_id, count(*)::int from feedback_items group by 1
) i where t.id = i.theme_id and t.label like '演示建议：%' and $1::bigint is not null`

export const ticketSteps = {
  facts,
  tickets,
  history,
  surveys,
  themes,
  suggestions,
  counts,
}
