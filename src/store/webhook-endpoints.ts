import { randomBytes } from 'node:crypto'
import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { EventType } from '../core/event-log.ts'
import type { WebhookChange, WebhookEndpoint, WebhookEndpoints, WebhookWithSecret } from '../core/webhook.ts'
import type { Database, Query, Row } from './database.ts'
import { horizon } from './event-log.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'
import type { Sealing } from './sealing.ts'

interface EndpointRow extends Row {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly types: readonly EventType[]
  readonly secrets: readonly string[]
  readonly created_by: string
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
  readonly old_secret_until: Date | null
  readonly failing_since: Date | null
  readonly disabled_at: Date | null
  readonly disabled_reason: NonNullable<WebhookEndpoint['disabledReason']> | null
}

const fields = `id, url, description, types, secrets, created_by, created_at, updated_at, version, old_secret_until,
  failing_since, disabled_at, disabled_reason`

const toEndpoint = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  types: row.types,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
  ...(row.old_secret_until === null ? {} : { oldSecretUntil: row.old_secret_until }),
  ...(row.failing_since === null ? {} : { failingSince: row.failing_since }),
  ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
  ...(row.disabled_reason === null ? {} : { disabledReason: row.disabled_reason }),
})

/** The newest event that can be read: what comes after it is news. */
const newest = `(select tx, id from events where tx < ${horizon} order by tx desc, id desc limit 1)`

const insert = `
insert into webhook_endpoints as w (id, url, description, types, secrets, created_by, created_at, updated_at, tx, event_id)
select $1, $2, $3, $4, $5, $6, $7, $7, coalesce(n.tx, '0'::xid8), coalesce(n.id, 0)
from (values (1)) one left join ${newest} n on true
on conflict (id) do update set version = w.version
returning ${fields}`

const update = `
update webhook_endpoints w set
  url = coalesce($2::text, w.url), description = coalesce($3::text, w.description), types = coalesce($4::text[], w.types),
  secrets = coalesce($5::text[], w.secrets), old_secret_until = coalesce($6::timestamptz, w.old_secret_until),
  disabled_at = case $7::boolean when true then coalesce(w.disabled_at, $8) when false then null else w.disabled_at end,
  disabled_reason = case $7::boolean when true then coalesce(w.disabled_reason, 'operator') when false then null
    else w.disabled_reason end,
  failing_since = case when $7::boolean = false then null else w.failing_since end,
  tx = case when $7::boolean = false and w.disabled_at is not null then coalesce(n.tx, w.tx) else w.tx end,
  event_id = case when $7::boolean = false and w.disabled_at is not null then coalesce(n.id, w.event_id)
    else w.event_id end,
  updated_at = $8, version = w.version + 1
from (values (1)) one left join ${newest} n on true
where w.id = $1
returning ${fields
  .split(',')
  .map((field) => `w.${field.trim()}`)
  .join(', ')}`

const unknown = (): TongdaError =>
  new TongdaError('not_found', 'there is no such webhook; it may have been deleted')

const find = async (query: Query, id: string, lock = ''): Promise<EndpointRow> => {
  const [row] = validate(id)
    ? await query<EndpointRow>(`select ${fields} from webhook_endpoints where id = $1 ${lock}`, [id])
    : []
  if (row === undefined) throw unknown()
  return row
}

/** As Standard Webhooks asks for: 256 random bits. */
const makeSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

const opener =
  (sealing: Sealing) =>
  (row: EndpointRow): WebhookWithSecret => {
    const secret = sealing.unseal(row.secrets[0] ?? '')
    if (secret === undefined)
      throw new TongdaError(
        'conflict',
        'the secret of this webhook does not open with this master key; rotate it',
      )
    return { endpoint: toEndpoint(row), secret }
  }

/** For the audit log. Of the address only the host: the rest may hold a secret. */
const note = (
  within: Query,
  act: 'webhook.created' | 'webhook.changed' | 'webhook.removed',
  { id, url, detail }: { readonly id: string; readonly url: string; readonly detail: Row },
): Promise<void> =>
  recordAudit(within, {
    act,
    object: { kind: 'webhook', id },
    detail: { host: new URL(url).host, ...detail },
  })

/** The endpoints of one database; secrets are kept sealed. */
export const createWebhookEndpoints = (database: Database, sealing: Sealing): WebhookEndpoints => {
  const { query } = database
  const opened = opener(sealing)
  const rotated = ({ rotate, now }: WebhookChange, row: EndpointRow): readonly unknown[] =>
    rotate === undefined
      ? [undefined, undefined]
      : [[sealing.seal(makeSecret()), ...row.secrets.slice(0, 1)], new Date(now.getTime() + rotate.overlapMs)]
  return {
    create: (webhook) =>
      database.transaction(async (within) => {
        const { url, description, types, createdBy, now, idempotencyKey } = webhook
        const secrets = [sealing.seal(makeSecret())]
        const id = keyedId(idempotencyKey)
        const values = [id, url, description, [...types], secrets, createdBy, now]
        const [row] = await within<EndpointRow>(insert, values)
        if (row === undefined) throw new Error('a webhook was not stored')
        await note(within, 'webhook.created', { id, url, detail: { types } })
        return opened(row)
      }),
    list: async () =>
      (await query<EndpointRow>(`select ${fields} from webhook_endpoints order by created_at, id`)).map(
        toEndpoint,
      ),
    get: async (id) => toEndpoint(await find(query, id)),
    change: (id, change) =>
      database.transaction(async (within) => {
        const before = await find(within, id, 'for update')
        if (change.expectedVersion !== undefined && change.expectedVersion !== before.version)
          throw new TongdaError('conflict', 'the webhook was changed meanwhile', { version: before.version })
        const { url, description, types, disabled, now } = change
        const [row] = await within<EndpointRow>(update, [
          id,
          url,
          description,
          types === undefined ? undefined : [...types],
          ...rotated(change, before),
          disabled,
          now,
        ])
        if (row === undefined) throw unknown()
        const facts = { disabled: row.disabled_at !== null, rotated: change.rotate !== undefined }
        await note(within, 'webhook.changed', {
          ...{ id, url: row.url },
          detail: { types: row.types, ...facts },
        })
        return opened(row)
      }),
    remove: (id) =>
      database.transaction(async (within) => {
        const { url } = await find(within, id, 'for update')
        await within('delete from webhook_endpoints where id = $1', [id])
        await note(within, 'webhook.removed', { id, url, detail: {} })
      }),
  }
}
