import { seedInboxes } from '../core/seed.ts'
import { messageId } from './seed-people.ts'
import { chance, idOf, pick } from './seed-sql.ts'

/** Who says the `k`th message of a session. */
const roleOf = `case
  when s.has_ticket and k > 3 and k % 11 = 0 then 'note'
  when k % 2 = 1 then 'ask'
  when s.has_ticket and k > 5 then 'reply'
  else 'answer' end`

const around = (role: string, purpose: number): string =>
  pick('m.key', purpose, `(select count(*) from seed_around where role = '${role}')`)

/** Which lines are drawn for messages of the sessions from `$2` up to before `$3`. */
const drawn = `
insert into seed_drawn
select m.session, m.k, m.key, m.person, m.seq, m.role, m.topic, m.at, floor(power(${chance('m.key', 20)}, 1.5) * t.lines)::int as line,
  case when m.role = 'ask' then ${around('before', 21)} else 0 end as before,
  case when m.role = 'ask' and ${chance('m.key', 22)} < 0.3 then ${around('after', 23)} else 0 end as after
from (
  select s.*, case when role in ('ask', 'answer') then about else -1 end as topic from (
    select s.n as session, k, s.n::bigint * 1000 + k as key, s.person, s.first_seq + k as seq, ${roleOf} as role, s.topic as about,
      date_trunc('milliseconds', s.at + (k - 1) * s.pace * interval '1 second') as at
    from seed_sessions s cross join lateral generate_series(1, s.length) k where s.at >= $2 and s.at < $3
  ) s
) m join seed_counts t on t.role = m.role and t.topic = m.topic`

/** The messages themselves, in the order of time, with what they are found by. */
const said = `
insert into seed_said
select ${messageId('m.at', 'm.session', 'm.k')} as id, m.session, m.key, m.seq, m.role, m.at, p.conversation_id, p.inbox_id,
  b.text || l.text || a.text as text, b.grams || l.grams || a.grams as grams
from seed_drawn m join seed_people p on p.n = m.person
join seed_lines l on l.role = m.role and l.topic = m.topic and l.place = m.line
join seed_around b on b.role = 'before' and b.place = m.before
join seed_around a on a.role = 'after' and a.place = m.after
where $1::bigint is not null order by m.at`

const directionOf = `case role when 'ask' then 'in' when 'note' then 'note' else 'out' end`
const authorOf = `case role when 'ask' then 'contact' when 'answer' then 'bot' else 'agent' end`
const agentOf = `case when role in ('reply', 'note') then 'seed-' || lpad((1 + session % 60)::text, 2, '0') end`

const messages = `
insert into messages (id, conversation_id, seq, inbox_id, dedup_key, direction, author, agent_id, parts, provider_id, sent_at, created_at, decision)
select id, conversation_id, seq, inbox_id, case when role = 'ask' then id::text end, ${directionOf}, ${authorOf}, ${agentOf},
  jsonb_build_array(jsonb_build_object('kind', 'text', 'text', text)), case when role = 'ask' then substr(md5(id::text), 1, 20) end, at, at,
  case when role = 'ask' then jsonb_build_object('kind', 'answer', 'rule', 'answer', 'reasons', '[]'::jsonb,
    'thresholds', '{"answer":0.62,"clarify":0.35}'::jsonb, 'thinkingMs', 9) end
from seed_said where $1::bigint is not null order by at`

const outbox = `
insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, attempts, next_attempt_at, via, created_at, settled_at)
select ${idOf(`'outbox' || id::text`)}, id, conversation_id, inbox_id, ${authorOf}, jsonb_build_object('kind', 'text', 'text', text),
  case when ${chance('key', 30)} < 0.002 then 'failed' else 'sent' end, 1, at, 'api', at, at + interval '1 second'
from seed_said where role in ('answer', 'reply') order by at`

/** As src/search/grams.ts makes the numbers; `$2`: milliseconds of a span. */
const search = `
insert into message_search (message_id, at, grams)
select s.id, s.at, array(select (b << 22) | g from unnest(s.grams || f.grams) g)
from (select *, floor(extract(epoch from at) * 1000 / $2::bigint)::int as b from seed_said where $1::bigint is not null) s
join seed_facts f on f.inbox_id = s.inbox_id and f.author = ${authorOf} and f.direction = ${directionOf} order by s.at`

const forget = 'truncate seed_said, seed_drawn'

export const saidSteps = { drawn, said, messages, outbox, search, forget }
export const seededInboxes: readonly string[] = seedInboxes.map(({ inboxId }) => inboxId)
