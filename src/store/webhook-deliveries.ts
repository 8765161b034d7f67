import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { WebhookDeliveries, WebhookDelivery } from '../core/webhook.ts'
import type { Database, Row } from './database.ts'
import { keyedId } from './keyed-id.ts'

interface DeliveryRow extends Row {
  readonly id: string
  readonly position: string | number
  readonly type: string
  readonly status: WebhookDelivery['state']
  readonly attempts: number
  readonly created_at: Date
  readonly next_attempt_at: Date
  readonly attempted_at: Date | null
  readonly last_status: number | null
  readonly last_body: string | null
  readonly last_error: string | null
}

const fields = `id, position, type, status, attempts, created_at, next_attempt_at, attempted_at, last_status, last_body,
  last_error`

const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  position: Number(row.position),
  type: row.type,
  state: row.status,
  attempts: row.attempts,
  createdAt: row.created_at,
  ...(row.status === 'pending' ? { nextAttemptAt: row.next_attempt_at } : {}),
  ...(row.attempted_at === null ? {} : { attemptedAt: row.attempted_at }),
  ...(row.last_status === null ? {} : { lastStatus: row.last_status }),
  ...(row.last_body === null ? {} : { lastBody: row.last_body }),
  ...(row.last_error === null ? {} : { lastError: row.last_error }),
})

const list = `
select ${fields} from webhook_deliveries
where endpoint_id = $1 and position < coalesce($2::bigint, 9223372036854775807) and ($3::text is null or status = $3)
order by position desc limit $4`

const insertTest = `
insert into webhook_deliveries as d (id, endpoint_id, type, payload, status, next_attempt_at, created_at)
values ($1, $2, 'webhook.test', $3, 'pending', now(), $4)
on conflict (id) do update set type = d.type returning ${fields}`

/** From the beginning: all tries anew. One that is on its way stays so. */
const replay = `
update webhook_deliveries set status = 'pending', attempts = 0, next_attempt_at = now(), settled_at = null
where endpoint_id = $1 and case when $2::uuid is null then status = 'dead' else id = $2 end
  and (lease_until is null or lease_until < now())
returning id`

const payloadOf = (id: string, now: Date): string =>
  JSON.stringify({ id, type: 'webhook.test', at: now.toISOString(), data: {} })

/** The deliveries of one database. */
export const createWebhookDeliveries = ({ query }: Database): WebhookDeliveries => ({
  list: async (endpointId, { before, limit, state }) =>
    (await query<DeliveryRow>(list, [endpointId, before, state, limit])).map(toDelivery),
  test: async (endpointId, now, idempotencyKey) => {
    const id = keyedId(idempotencyKey)
    const [row] = await query<DeliveryRow>(insertTest, [id, endpointId, payloadOf(id, now), now])
    if (row === undefined) throw new Error('a test was not stored')
    return toDelivery(row)
  },
  replay: async (endpointId, deliveryId) => {
    const known = deliveryId === undefined || validate(deliveryId)
    const rows = known ? await query(replay, [endpointId, deliveryId]) : []
    if (deliveryId !== undefined && rows.length === 0)
      throw new TongdaError('not_found', 'there is no such delivery, or it is on its way right now')
    return rows.length
  },
})
