import type { CampaignLook } from '../core/campaign.ts'
import { toJson, type Query } from './database.ts'

/**
 * The campaign `$1` as `k`, read once: thousands of ids in its audience would be unpacked again for each conversation.
 */
export const campaign = `(select id, state, share, most_a_day, audience - 'contactIds' as audience,
  audience ? 'contactIds' as names_contacts from survey_campaigns where id = $1 offset 0) k`

/** Whether a conversation `c` of a contact `p` belongs to the audience of the campaign `k`; merged contacts lead on. */
export const inAudience = `(not k.audience ? 'channels' or k.audience -> 'channels' ? c.channel)
  and (not k.audience ? 'tiers' or k.audience -> 'tiers' ? p.tier)
  and (not k.names_contacts or c.contact_id in (select coalesce(m.merged_into, m.id) from survey_campaigns n
    cross join jsonb_array_elements_text(n.audience -> 'contactIds') x join contacts m on m.id = x::uuid where n.id = $1))
  and (not k.audience ? 'topics' or exists (select from tickets t where t.contact_id = p.id
    and k.audience -> 'topics' ? t.topic and t.solved_at >= (k.audience ->> 'solvedFrom')::timestamptz
    and t.solved_at < (k.audience ->> 'solvedTo')::timestamptz))`

/** Where the lot puts a contact, from 0 up to 1: as src/surveys/campaign-ask.ts draws it. */
const drawn = `('x' || encode(substr(sha256(convert_to(k.id::text || ' ' || c.contact_id::text, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
  / 4294967296.0`

const hasRoom = `(select count(*) from survey_invitations s where s.campaign_id = $1 and s.asked_at >= $2)
  < (select most_a_day from survey_campaigns where id = $1)`

/**
 * Takes sets from each other, because our sessions join by index alone: whoever cannot be asked drops out without a look
 * of his own. Who is left is looked at once more, locked, before anything is said. A day that is full costs nothing.
 */
const find = `
with left_over as (
  select o.contact_id from survey_consents s join conversations o on o.id = s.conversation_id where s.withdrawn_at is null
  except select o.contact_id from survey_stops s join conversations o on o.id = s.conversation_id
  except select o.contact_id from survey_invitations s join conversations o on o.id = s.conversation_id
    where s.campaign_id = $1
  except select s.contact_id from survey_invitations s where s.campaign_id = $1
  except select o.contact_id from survey_invitations s join conversations o on o.id = s.conversation_id
    where s.asked_at > $3
  except select t.contact_id from tickets t where t.merged_into is null and t.state not in ('solved', 'closed')
)
select c.id from ${campaign} cross join left_over a
join contacts p on p.id = a.contact_id join conversations c on c.contact_id = p.id
join jsonb_to_recordset($5::jsonb) as i("inboxId" text, "wroteAfter" timestamptz) on i."inboxId" = c.inbox_id
  and (i."wroteAfter" is null or c.last_inbound_at > i."wroteAfter")
where k.state = 'running' and c.mode <> 'human' and c.pending = 0 and c.dialogue -> 'form' is null
  and (c.last_inbound_at is null or c.last_inbound_at <= $4) and ${inAudience} and ${drawn} < k.share
  and (c.quota is null or exists (select from jsonb_each(c.quota) q where (q.value ->> 'until')::timestamptz > $6
    and (q.value ->> 'left')::int > (q.value ->> 'reserved')::int + $7::int))
  and not exists (select from survey_invitations s where s.conversation_id = c.id and s.asked_at is not null
    and s.state = 'asked')
order by ${drawn}, c.id limit case when ${hasRoom} then $8::int else 0 end`

/** `candidates` of the campaign book. */
export const findCandidates = async (
  query: Query,
  campaignId: string,
  { now, dayStart, askedUntil, wroteUntil, inboxes, keptFree, limit }: CampaignLook,
): Promise<readonly string[]> => {
  const rows = await query<{ id: string }>(find, [
    ...[campaignId, dayStart, askedUntil, wroteUntil, toJson(inboxes), now, keptFree, limit],
  ])
  return rows.map(({ id }) => id)
}
