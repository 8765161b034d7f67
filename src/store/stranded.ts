import type { Author, OutboundDraft } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { StrandedMessage, StrandedMessages } from '../core/stores.ts'
import { mayHaveArrived } from './outbox.ts'
import { addMessage, addOutbox } from './say.ts'
import { retryCollisions, toJson, type Database, type Query } from './database.ts'
import { outboundRows } from './turns.ts'

/**
 * Messages none of which left, that wait for the contact, with another address which the contact allowed and where
 * something may be said now.
 */
const listStranded = `
select m.id as "messageId", m.parts, m.author, m.agent_id as "agentId", other.id as "conversationId",
  other.inbox_id as "inboxId"
from messages m
join conversations c on c.id = m.conversation_id
join lateral (
  select v.id, v.inbox_id from contact_identities i
  join conversations v on v.inbox_id = i.inbox_id and v.contact_key = i.contact_key
  where i.contact_id = c.contact_id and i.fallback and v.id <> c.id
    and (v.quota is null or exists (
      select 1 from jsonb_each(v.quota) q
      where (q.value ->> 'until')::timestamptz > $2::timestamptz and (q.value ->> 'left')::int > 0))
  order by v.quota is null desc, v.last_inbound_at desc nulls last limit 1
) other on true
where m.id in (select message_id from outbox where status = 'waiting' and not passive_only
  and error ->> 'code' is distinct from 'held_back')
  and not exists (select 1 from outbox o where o.message_id = m.id and o.status <> 'waiting')
order by m.created_at limit $1`

const callOff = `
update outbox o set status = 'expired', settled_at = $2,
  error = jsonb_build_object('code', 'moved', 'message', $3::text)
where message_id = $1 and status = 'waiting' returning o.repeated or ${mayHaveArrived} as uncertain`

/** Whoever may have been shown it where it was first sent is perhaps told twice. */
const markRepeated = 'update outbox set repeated = true where message_id = $1'

const moveMessage = async (
  query: Query,
  { messageId, conversationId, inboxId, agentId }: StrandedMessage,
  draft: OutboundDraft,
  now: Date,
): Promise<boolean> => {
  const reason = `sent through ${inboxId} instead, as the contact allowed`
  const calledOff = await query<{ uncertain: boolean }>(callOff, [messageId, now, reason])
  if (calledOff.length === 0) return false
  const { message, outbox } = outboundRows(draft, conversationId, undefined)
  const parts = toJson(message.parts)
  await query(addMessage, [message.id, conversationId, 'out', message.author, agentId, parts, now])
  await query(addOutbox, [toJson(outbox.map((row, place) => ({ ...row, place }))), now, 0])
  if (calledOff.some(({ uncertain }) => uncertain)) await query(markRepeated, [message.id])
  return true
}

interface StrandedRow extends Record<string, unknown> {
  readonly messageId: string
  readonly parts: readonly Part[]
  readonly author: Exclude<Author, 'contact'>
  readonly agentId: string | null
  readonly conversationId: string
  readonly inboxId: string
}

/** The stranded messages of one database. */
export const createStrandedMessages = (database: Database): StrandedMessages => ({
  list: async (limit, now) =>
    (await database.query<StrandedRow>(listStranded, [limit, now])).map(({ agentId, ...row }) => ({
      ...row,
      ...(agentId === null ? {} : { agentId }),
    })),
  move: (message, draft, now) =>
    retryCollisions(() => database.transaction((query) => moveMessage(query, message, draft, now))),
})
