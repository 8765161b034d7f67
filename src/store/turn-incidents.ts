import type { TurnOutcome } from '../core/conversation.ts'
import { toJson } from './database.ts'

/**
 * What turns do about open incidents, as further parts of the statement that commits them: `alive`, `locked`, `said`
 * and `opened` are its own. Only where a turn does anything of it: it costs every other one nothing.
 */
export const incidentParts = `, about as (
  select x.*, alive.contact_id from jsonb_to_recordset($7::jsonb) as x(conversation_id uuid, heard jsonb, follows jsonb,
    leaves boolean, hangs uuid, language text)
  join alive on alive.id = x.conversation_id
), incident_heard as (
  insert into incident_hearings (incident_id, conversation_id, notice_version, at)
  select i.id, x.conversation_id, (h ->> 'version')::int, $6 from about x cross join jsonb_array_elements(x.heard) h
  join incidents i on i.id = (h ->> 'incidentId')::uuid
  on conflict (incident_id, conversation_id) do update set notice_version = excluded.notice_version, at = excluded.at
), hung as (
  insert into incident_tickets (ticket_id, incident_id, at)
  select o.id, i.id, $6 from opened o join about x on x.conversation_id = o.conversation_id
  join incidents i on i.id = x.hangs and i.state = 'open'
), followed as (
  insert into incident_followers (incident_id, contact_id, conversation_id, language, why, at)
  select distinct on (i.id, w.contact_id) i.id, w.contact_id, w.conversation_id, w.language, w.why, $6 from (
    select f::uuid as incident_id, x.contact_id, x.conversation_id, x.language, 'asked' as why
    from about x cross join jsonb_array_elements_text(x.follows) f
    union all select x.hangs, x.contact_id, x.conversation_id, x.language, 'ticket' from about x where x.hangs is not null
  ) w join incidents i on i.id = w.incident_id and i.state = 'open'
  order by i.id, w.contact_id, w.why
  on conflict (incident_id, contact_id) do update set conversation_id = excluded.conversation_id,
    language = excluded.language,
    why = case when excluded.why = 'asked' then 'asked' else incident_followers.why end,
    left_at = case when excluded.why = 'asked' then null else incident_followers.left_at end
), unfollowed as (
  update incident_followers f set left_at = $6 from about x join conversations k on k.contact_id = x.contact_id
  where x.leaves and f.conversation_id = k.id and f.left_at is null
), called_off as (
  update incident_notices n set state = 'never', reason = 'said-stop', settled_at = $6
  from about x join conversations k on k.contact_id = x.contact_id
  where x.leaves and n.conversation_id = k.id and n.state in ('planned', 'waits')
), incident_told as (
  update incident_notices n set state = 'told', way = 'next-message', settled_at = $6, message_id = (
    select id from said where said.conversation_id = alive.id order by seq limit 1)
  from locked t join alive on alive.id = t.conversation_id
  where n.conversation_id = alive.id and n.state = 'waits' and t.notices ? n.id::text
)`

/** Whether a turn does anything about incidents, or tells what may be about one. */
export const touchesIncidents = ({ incidents, tellsNotices = [] }: TurnOutcome): boolean =>
  incidents !== undefined || tellsNotices.length > 0

export const incidentRows = (outcomes: readonly TurnOutcome[]): string =>
  toJson(
    outcomes.flatMap(({ claim, incidents }) =>
      incidents === undefined ? [] : [{ conversation_id: claim.conversationId, ...incidents }],
    ),
  )
