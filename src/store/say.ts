/** Something said or noted outside a turn, numbered within its conversation; programs are told of what was said. */
export const addMessage = `
with numbered as (
  update conversations set last_seq = last_seq + 1 where id = $2 returning last_seq, inbox_id, contact_id
), logged as (
  insert into events (type, at, conversation_id, contact_id, data)
  select case $3::text when 'out' then 'message.sent' else 'message.noted' end, $7, $2, contact_id,
    jsonb_strip_nulls(jsonb_build_object('messageId', $1::uuid, 'seq', last_seq, 'author', $4::text, 'agentId', $5::text))
  from numbered
)
insert into messages (id, conversation_id, seq, inbox_id, direction, author, agent_id, parts, sent_at, created_at)
select $1, $2, last_seq, inbox_id, $3, $4, $5, $6::jsonb, $7, $7 from numbered returning id`

/** The provider messages it becomes; held for `$3` milliseconds. */
export const addOutbox = `
insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, passive_only, created_at)
select q.id, q.message_id, q.conversation_id, c.inbox_id, q.author, q.part, q.status,
  now() + $3 * interval '1 millisecond', q.passive_only, $2
from jsonb_to_recordset($1::jsonb) as q(id uuid, message_id uuid, conversation_id uuid, author text,
  part jsonb, status text, passive_only boolean, place int)
join conversations c on c.id = q.conversation_id order by q.place`
