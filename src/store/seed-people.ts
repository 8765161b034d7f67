import { seedInboxes } from '../core/seed.ts'
import { among, chance, idAt, idOf, pick } from './seed-sql.ts'

/** Most that is made at the end of the day is made in the evening. */
const hours =
  '{0,1,7,8,9,9,10,10,11,11,12,12,13,13,14,14,15,15,16,17,18,18,19,19,20,20,20,21,21,21,22,22,22,23}'

/** What is said, read once and drawn from by number; and what is made of it on the way. */
const tables = [
  `create temp table seed_lines (role text, topic int, place int, text text, grams int[]) on commit drop`,
  `create temp table seed_around (role text, place int, text text, grams int[]) on commit drop`,
  `create temp table seed_facts (inbox_id text, author text, direction text, grams int[]) on commit drop`,
  `create temp table seed_topics (place int, topic text) on commit drop`,
  `create temp table seed_names (place int, name text) on commit drop`,
  `create temp table seed_people (n int, contact_id uuid, conversation_id uuid, inbox_id text, name text) on commit drop`,
  `create temp table seed_sessions (n int, has_ticket boolean, person bigint, at timestamptz, length int, topic int,
     pace float8, first_seq int) on commit drop`,
  `create temp table seed_drawn (session int, k int, key bigint, person bigint, seq int, role text, topic int,
     at timestamptz, line int, before int, after int) on commit drop`,
  `create temp table seed_said (id uuid, session int, key bigint, seq int, role text, at timestamptz,
     conversation_id uuid, inbox_id text, text text, grams int[]) on commit drop`,
  `create temp table seed_tickets (id uuid, n int, conversation_id uuid, contact_id uuid, topic int, opened timestamptz,
     age float8, channel text, topic_name text, state text, replied timestamptz, solved timestamptz) on commit drop`,
]

const inboxCase = among(
  'n',
  1,
  seedInboxes.map(({ inboxId, percent }) => [inboxId, percent] as const),
)
const channelOfInbox = `case i.inbox_id ${seedInboxes.map(({ inboxId, channel }) => `when '${inboxId}' then '${channel}'`).join(' ')} end`

/** `$2`: contacts. */
const people = `
insert into seed_people
select n, ${idOf(`'contact' || n || $1::bigint`)} as contact_id, ${idOf(`'conversation' || n || $1::bigint`)} as conversation_id,
  ${inboxCase} as inbox_id, (select name from seed_names where place = ${pick('n', 2, '(select count(*) from seed_names)')}) as name
from generate_series(1, $2::int) n`

/**
 * A conversation goes on for a while, then rests: `$2` sessions with a ticket, `$3` without, over `$4` days up to `$5`,
 * of `$6` messages with a ticket and `$7` without on average. A few contacts write again and again.
 */
const sessions = `
insert into seed_sessions
select s.*, sum(length) over (partition by person order by at, n) - length as first_seq
from (
  select n, n <= $2::int as has_ticket, 1 + floor(power(${chance('n', 3)}, 1.6) * (select count(*) from seed_people))::bigint as person,
    date_trunc('milliseconds', least($5::timestamptz - interval '3 hours', date_trunc('day', $5::timestamptz - ${chance('n', 4)} * $4::int * interval '1 day')
      + ('${hours}'::int[])[1 + ${pick('n', 5, '34')}] * interval '1 hour' - interval '8 hours' + ${chance('n', 6)} * interval '1 hour')) as at,
    greatest(2, round((case when n <= $2::int then $6::numeric else $7::numeric end) * (0.4 + 1.2 * ${chance('n', 7)})))::int as length,
    floor(power(${chance('n', 8)}, 2) * (select count(*) from seed_topics))::int as topic,
    30 + 240 * ${chance('n', 9)} as pace
  from generate_series(1, $2::int + $3::int) n
) s`

const agents = `
insert into agents (id, name, email, role)
select 'seed-' || lpad(n::text, 2, '0'), (select name from seed_names where place = ${pick('n', 10, '(select count(*) from seed_names)')}),
  'seed-' || n || '@seed.invalid', case when n % 12 = 0 then 'supervisor' when n % 4 = 0 then 'senior' else 'agent' end
from generate_series(1, 60) n on conflict do nothing`

/** They take nothing by themselves: real tickets go on where they went. */
const teams = `
insert into teams (id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at, updated_at)
select ${idOf(`'seed-team' || n`)}, '演示' || (array['会员','账号','内容','支付','直播','综合'])[n] || '组', 'Seed team ' || n, 'leastLoaded',
  false, '{}', '{}', '{}', '{}', '{}', now(), now()
from generate_series(1, 6) n where $1::bigint is not null on conflict do nothing`

const members = `
insert into team_members (team_id, agent_id, grade, skills)
select ${idOf(`'seed-team' || 1 + (n - 1) % 6`)}, 'seed-' || lpad(n::text, 2, '0'), 'agent', '{}' from generate_series(1, 60) n
where $1::bigint is not null on conflict do nothing`

const contacts = `
insert into contacts (id, display_name, tier, created_at)
select p.contact_id, p.name, case when ${chance('p.n', 11)} < 0.04 then 'vip' end, s.at
from seed_people p join (select person, min(at) as at from seed_sessions group by 1) s on s.person = p.n`

const identities = `
insert into contact_identities (inbox_id, contact_key, contact_id, display_name, created_at)
select p.inbox_id, 'o' || substr(md5(p.n::text || $1::bigint), 1, 27), c.id, p.name, c.created_at
from seed_people p join contacts c on c.id = p.contact_id`

const conversations = `
insert into conversations (id, inbox_id, channel, thread_key, contact_key, contact_id, mode, dialogue, last_seq, last_inbound_at, created_at)
select i.conversation_id, i.inbox_id, ${channelOfInbox}, i.key, i.key, i.contact_id, 'bot',
  '{"failedTurns":0,"offered":[],"context":{},"greeted":true}', s.total, s.last, s.first
from (select *, 'o' || substr(md5(n::text || $1::bigint), 1, 27) as key from seed_people) i
join (select person, sum(length)::int as total, min(at) as first, max(at) as last from seed_sessions group by 1) s on s.person = i.n`

export const peopleSteps = {
  tables,
  people,
  sessions,
  agents,
  teams,
  members,
  contacts,
  identities,
  conversations,
}

/** The id of a message: its session and which of it. */
export const messageId = (at: string, session: string, place: string): string =>
  idAt(at, `${session} || '-' || ${place}`)
