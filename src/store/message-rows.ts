import type { Author, DeliveryStatus, Direction, Message, StoredDecision } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import { traceOf, type TracedSend } from '../core/trace.ts'
import type { Row } from './database.ts'

/** What became of what a turn said; null where the turn was not measured, which looks nothing up. */
const sends = `case when m.decision ? 'times' then (
  select jsonb_agg(jsonb_build_object('outboxId', o.id, 'status', o.status, 'attempts', (
      select coalesce(jsonb_agg(jsonb_build_object('startedAt', a.started_at, 'endedAt', a.ended_at) order by a.number), '[]')
      from delivery_attempts a where a.outbox_id = o.id)) order by o.position)
  from outbox o where o.message_id = any(array(
    select r::uuid from jsonb_array_elements_text(m.decision #> '{times,replies}') r))) end as sends`

/** Columns of a message with the state of its delivery: of its worst part while several travel. */
export const messageFields = `m.id, m.conversation_id, m.seq, m.direction, m.author, m.agent_id, g.name as agent_name,
  m.parts, m.created_at, m.decision, d.delivery, ${sends},
  (select jsonb_strip_nulls(jsonb_build_object('verdict', v.verdict, 'rightArticleId', v.right_article,
    'byName', v.actor_name)) from answer_verdicts v where v.message_id = m.id) as verdict`

/** The joins that `messageFields` needs. */
export const messageJoins = `
left join agents g on g.id = m.agent_id
left join lateral (
  select jsonb_build_object('attempts', sum(o.attempts), 'repeated', bool_or(o.repeated),
    'via', (array_agg(o.via order by o.position))[1],
    'status', (array_agg(o.status order by array_position(
      array['withdrawn', 'failed', 'expired', 'waiting', 'sending', 'queued', 'sent'], o.status)))[1],
    'error', (array_agg(o.error order by o.position) filter (where o.error is not null))[1]) as delivery
  from outbox o where o.message_id = m.id having count(*) > 0
) d on m.direction = 'out'`

/** A row of `messageFields`. */
export interface MessageRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly seq: number
  readonly direction: Direction
  readonly author: Author
  readonly agent_id: string | null
  readonly agent_name: string | null
  readonly parts: readonly Part[]
  readonly created_at: Date
  readonly decision: StoredDecision | null
  readonly sends: readonly TracedSend[] | null
  readonly verdict: Message['verdict'] | null
  readonly delivery: {
    readonly attempts: number
    readonly repeated: boolean
    readonly via: 'passive' | 'api' | null
    readonly status: DeliveryStatus
    readonly error: { readonly code: string; readonly message: string; readonly providerCode?: string } | null
  } | null
}

const toDelivery = (delivery: NonNullable<MessageRow['delivery']>): NonNullable<Message['delivery']> => {
  const { via, error, ...rest } = delivery
  return { ...rest, ...(via === null ? {} : { via }), ...(error === null ? {} : { error }) }
}

/** The decision, and the way of the message that it belongs to. */
const toDecided = ({ decision, sends: found }: MessageRow): Pick<Message, 'decision' | 'trace'> => {
  if (decision === null) return {}
  const { times, ...record } = decision
  return { decision: record, ...(times === undefined ? {} : { trace: traceOf(times, found ?? []) }) }
}

/** Reads a row of `messageFields`. */
export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  conversationId: row.conversation_id,
  seq: row.seq,
  direction: row.direction,
  author: row.author,
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.agent_name === null ? {} : { agentName: row.agent_name }),
  parts: row.parts,
  createdAt: row.created_at,
  ...toDecided(row),
  ...(row.verdict === null || row.verdict === undefined ? {} : { verdict: row.verdict }),
  ...(row.delivery === null ? {} : { delivery: toDelivery(row.delivery) }),
})
