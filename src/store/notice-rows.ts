import { createBatcher } from '../core/batcher.ts'
import type { Quota } from '../core/conversation.ts'
import type { Addressee, NoticesWaiting, NoticeTarget, Saying } from '../core/notice.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import type { QuotaRow } from './quota.ts'
import { addMessage, addOutbox } from './say.ts'
import { outboundRows } from './turns.ts'

const targetOf = (alias: string): string =>
  `jsonb_build_object('conversationId', ${alias}.id, 'inboxId', ${alias}.inbox_id, 'mode', ${alias}.mode,
    'quota', ${alias}.quota, 'lastInboundAt', ${alias}.last_inbound_at)`

/**
 * Columns of a contact whose place to ask is the conversation `c`: where else one may be told, and whether one wants to
 * be, by the condition `refused`.
 */
export const addresseeFields = (refused: string): string => `c.contact_id, ${targetOf('c')} as asked,
  coalesce((select jsonb_agg(${targetOf('v')} order by v.last_inbound_at desc nulls last) from contact_identities d
    join conversations v on v.inbox_id = d.inbox_id and v.contact_key = d.contact_key
    where d.contact_id = c.contact_id and d.fallback and v.id <> c.id), '[]') as fallbacks,
  ${refused} as refused`

interface TargetRow {
  readonly conversationId: string
  readonly inboxId: string
  readonly mode: NoticeTarget['mode']
  readonly quota: QuotaRow | null
  readonly lastInboundAt: string | null
}

const toQuota = (row: QuotaRow): Quota =>
  Object.fromEntries(
    Object.entries(row).map(([name, entry]) => [name, { ...entry, until: new Date(entry.until) }]),
  )

const toTarget = ({ quota, lastInboundAt, ...rest }: TargetRow): NoticeTarget => ({
  ...rest,
  ...(quota === null ? {} : { quota: toQuota(quota) }),
  ...(lastInboundAt === null ? {} : { lastInboundAt: new Date(lastInboundAt) }),
})

/** `addresseeFields` as a row. */
export interface AddresseeRow extends Row {
  readonly contact_id: string
  readonly asked: TargetRow
  readonly fallbacks: readonly TargetRow[]
  readonly refused: boolean
}

export const toAddressee = ({
  contact_id: contactId,
  asked: place,
  fallbacks,
  refused,
}: AddresseeRow): Addressee => ({
  ...{ contactId, refused },
  asked: toTarget(place),
  fallbacks: fallbacks.map(toTarget),
})

const readWaiting = `
select exists (select from feedback_notices where conversation_id = c.id and state = 'waits') as suggestions,
  exists (select from incident_notices where conversation_id = c.id and state = 'waits') as incidents
from unnest($1::uuid[]) with ordinality as c(id, place) order by c.place`

type Waiting = Awaited<ReturnType<NoticesWaiting>>

/** Most conversations of one look. */
const mostTogether = 200

/** One look for both kinds, and for all turns that ask together, because every answer asks; on one database. */
export const createNoticesWaiting = ({ query }: Database): NoticesWaiting =>
  createBatcher<string, Waiting>((conversationIds) => query<Waiting & Row>(readWaiting, [conversationIds]), {
    maxItems: mostTogether,
  })

/** How the message of a notice `n` fares, as `o.delivery`. */
export const deliveryJoin = `left join lateral (
  select case when bool_or(status = 'failed') then 'failed' when bool_or(status = 'expired') then 'expired'
    when bool_and(status = 'sent') then 'sent' else min(status) end as delivery
  from outbox where message_id = n.message_id
) o on true`

/** Says what a notice says, once `mark` noted it down under the message's id; gives what `mark` gave. */
export const sayNotice = async <Told>(
  query: Query,
  { conversationId, draft }: Saying,
  now: Date,
  mark: (messageId: string) => Promise<Told | undefined>,
): Promise<{ readonly told: Told; readonly messageId: string } | undefined> => {
  const { message, outbox } = outboundRows(draft, conversationId, undefined)
  const told = await mark(message.id)
  if (told === undefined) return undefined
  const parts = toJson(message.parts)
  await query(addMessage, [message.id, conversationId, 'out', message.author, undefined, parts, now])
  await query(addOutbox, [toJson(outbox.map((row, place) => ({ ...row, place }))), now, 0])
  return { told, messageId: message.id }
}
