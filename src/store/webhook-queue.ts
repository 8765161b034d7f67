import type { WebhookClaim, WebhookQueue } from '../core/webhook.ts'
import type { Database, Row } from './database.ts'
import { horizon, txOf } from './event-log.ts'
import type { Sealing } from './sealing.ts'

/** Events looked at in one go, for each endpoint. */
const batch = 200

/**
 * Each endpoint goes through the log by itself and takes what it wants. Two nodes that spread at once pass over each
 * other's endpoints; were they not to, the unique event of a delivery would stop the second.
 */
const spread = `
with due as (
  select id, tx, event_id, types from webhook_endpoints where disabled_at is null order by id for update skip locked
), batch as (
  select d.id as endpoint_id, d.types, e.* from due d cross join lateral (
    select * from events v where (v.tx, v.id) > (${txOf('d.tx')}, d.event_id) and v.tx < ${horizon}
    order by v.tx, v.id limit ${String(batch)}
  ) e
), made as (
  insert into webhook_deliveries (id, endpoint_id, event_id, type, payload, status, next_attempt_at, created_at)
  select gen_random_uuid(), b.endpoint_id, b.id, b.type, jsonb_strip_nulls(jsonb_build_object(
      'id', b.tx::text || '-' || b.id, 'type', b.type,
      'at', to_char(b.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'ticketId', b.ticket_id, 'conversationId', b.conversation_id, 'contactId', b.contact_id, 'data', b.data))::text,
    'pending', now(), now()
  from batch b where cardinality(b.types) = 0 or b.type = any(b.types) order by b.tx, b.id
  on conflict (endpoint_id, event_id) do nothing
), moved as (
  update webhook_endpoints w set tx = l.tx, event_id = l.id from (
    select distinct on (endpoint_id) endpoint_id, tx, id from batch order by endpoint_id, tx desc, id desc
  ) l where w.id = l.endpoint_id
)
select coalesce(max(n), 0)::int as most from (select count(*) as n from batch group by endpoint_id) per`

/** Deliveries of one endpoint that are on their way at once. */
const perEndpoint = 4

const claim = `
with picked as (
  select d.id from webhook_endpoints w cross join lateral (
    select p.id from webhook_deliveries p
    where p.endpoint_id = w.id and p.status = 'pending' and p.next_attempt_at <= now()
      and (p.lease_until is null or p.lease_until < now())
    order by p.next_attempt_at limit ${String(perEndpoint)} for update skip locked
  ) d
  where w.disabled_at is null and (
    select count(*) from webhook_deliveries o
    where o.endpoint_id = w.id and o.status = 'pending' and o.lease_until >= now()
  ) < ${String(perEndpoint)}
  limit $1
)
update webhook_deliveries d set lease_until = now() + $2 * interval '1 millisecond', fence = d.fence + 1,
  attempts = d.attempts + 1, attempted_at = now()
from picked, webhook_endpoints w where d.id = picked.id and w.id = d.endpoint_id
returning d.id, d.endpoint_id, d.fence, d.attempts, d.payload, w.url,
  case when w.old_secret_until > now() then w.secrets else w.secrets[1:1] end as secrets`

/** Nothing arrived for so long that the other side is taken for gone; 410 says so at once. */
const settle = `
with ended as (
  update webhook_deliveries d set lease_until = null, last_status = $4, last_body = $5, last_error = $6,
    status = case $3 when 'delivered' then 'delivered' when 'retry' then 'pending' else 'dead' end,
    next_attempt_at = case when $3 = 'retry' then now() + $7 * interval '1 millisecond' else d.next_attempt_at end,
    settled_at = case when $3 = 'retry' then null else now() end
  where d.id = $1 and d.fence = $2 and d.lease_until is not null
  returning d.endpoint_id
)
update webhook_endpoints w set
  failing_since = case when $3 = 'delivered' then null else coalesce(w.failing_since, now()) end,
  disabled_at = case when x.disable then now() else w.disabled_at end,
  disabled_reason = case when x.disable then x.reason else w.disabled_reason end
from ended e join webhook_endpoints o on o.id = e.endpoint_id, lateral (
  select o.disabled_at is null and ($3 = 'gone' or $3 <> 'delivered'
      and o.failing_since < now() - $8 * interval '1 millisecond') as disable,
    case when $3 = 'gone' then 'gone' else 'failing' end as reason
) x
where w.id = o.id and ($3 <> 'delivered' or w.failing_since is not null)
returning x.disable as disabled`

const retireSome = `
delete from webhook_deliveries where id in (
  select id from webhook_deliveries where settled_at < $1 order by settled_at limit 5000
) returning id`

interface ClaimRow extends Row {
  readonly id: string
  readonly endpoint_id: string
  readonly fence: number
  readonly attempts: number
  readonly payload: string
  readonly url: string
  readonly secrets: readonly string[]
}

/** Deliveries in work, on one database. */
export const createWebhookQueue = ({ query }: Database, { unseal }: Sealing): WebhookQueue => {
  const toClaim = (row: ClaimRow): WebhookClaim => ({
    id: row.id,
    endpointId: row.endpoint_id,
    fence: row.fence,
    url: row.url,
    secrets: row.secrets.flatMap((sealed) => unseal(sealed) ?? []),
    payload: row.payload,
    attempt: row.attempts,
  })
  return {
    spread: async () => ((await query<{ most: number }>(spread))[0]?.most ?? 0) === batch,
    claim: async (limit, leaseMs) => (await query<ClaimRow>(claim, [limit, leaseMs])).map(toClaim),
    settle: async ({ id, fence }, { kind, status, body, error, retryInMs }, disableAfterMs) => {
      const [row] = await query<{ disabled: boolean }>(settle, [
        id,
        fence,
        kind,
        status,
        body,
        error,
        retryInMs ?? 0,
        disableAfterMs,
      ])
      return row?.disabled ?? false
    },
    retire: async (before) => {
      while ((await query(retireSome, [before])).length > 0);
    },
  }
}
