import type { HandoffSummary } from '../core/assist.ts'
import type { HandoffStore, KeptHandoff } from '../core/handoff.ts'
import type { PersonalKind } from '../core/masking.ts'
import { toJson, type Database, type Row } from './database.ts'

/** So many handovers are planned at a go; the rest with the next look. */
const atOnce = 100

// Of two that look at once, one plans. Only what the bot handed over counts, and only a short while ago: whatever else happens to
// a ticket is no handover, nor is it one that the ticket was moved to a conversation with one of its own.
const planSome = `
insert into handoff_summaries as s (ticket_id, conversation_id, handover_seq, state, planned_at)
select t.id, t.conversation_id, h.seq, 'planned', $2 from tickets t
join conversations c on c.id = t.conversation_id and c.mode = 'human'
cross join lateral (
  select m.seq from messages m where m.conversation_id = c.id and m.direction = 'in' and m.created_at >= $1
    and (m.decision ->> 'kind' = 'escalate' or m.decision -> 'reasons' @> '[{"code": "for-person"}]'
      or m.decision -> 'reasons' @> '[{"code": "asked-by-program"}]')
  order by m.seq desc limit 1
) h
left join handoff_summaries k on k.ticket_id = t.id
where t.updated_at >= $1 and t.state not in ('solved', 'closed')
  and (k.conversation_id is distinct from t.conversation_id or h.seq > k.handover_seq)
  and exists (select 1 from ticket_timeline o where o.ticket_id = t.id and o.change = 'opened' and o.actor = 'bot')
order by t.id limit ${String(atOnce)}
on conflict (ticket_id) do update set conversation_id = excluded.conversation_id,
  handover_seq = excluded.handover_seq, state = excluded.state, planned_at = excluded.planned_at,
  summary = case when s.conversation_id = excluded.conversation_id then s.summary end
where s.conversation_id <> excluded.conversation_id or s.handover_seq < excluded.handover_seq
returning ticket_id, handover_seq`

const findOne = 'select * from handoff_summaries where ticket_id = $1'

const settleOne = `
update handoff_summaries set state = case when $3::jsonb is null then 'none' else 'made' end,
  summary = coalesce($3::jsonb, summary), model = coalesce($4, model), language = coalesce($5, language),
  reaches_seq = coalesce($6, reaches_seq), masked = coalesce($7::text[], masked),
  made_at = case when $3::jsonb is null then made_at else $8::timestamptz end
where ticket_id = $1 and handover_seq = $2 and state = 'planned'`

interface HandoffRow extends Row {
  readonly ticket_id: string
  readonly conversation_id: string
  readonly handover_seq: number
  readonly state: KeptHandoff['state']
  readonly planned_at: Date
  readonly summary: HandoffSummary | null
  readonly reaches_seq: number | null
  readonly language: 'zh' | 'en' | null
  readonly model: string | null
  readonly masked: readonly PersonalKind[] | null
  readonly made_at: Date | null
}

const madeOf = (row: HandoffRow): Pick<KeptHandoff, 'made'> => {
  const { summary, reaches_seq: reachesSeq, language, model, masked, made_at: madeAt } = row
  if (summary === null || reachesSeq === null || language === null || model === null) return {}
  if (masked === null || madeAt === null) return {}
  return { made: { summary, reachesSeq, language, model, masked, madeAt } }
}

const toHandoff = (row: HandoffRow): KeptHandoff => ({
  handover: { ticketId: row.ticket_id, seq: row.handover_seq },
  ...{ conversationId: row.conversation_id, state: row.state, plannedAt: row.planned_at },
  ...madeOf(row),
})

/** Summaries of handovers. */
export const createHandoffStore = (database: Database): HandoffStore => ({
  plan: ({ since, now }, enqueue) =>
    database.transaction(async (query) => {
      const planned = await query<{ ticket_id: string; handover_seq: number }>(planSome, [since, now])
      for (const { ticket_id: ticketId, handover_seq: seq } of planned)
        await enqueue(query, { ticketId, seq })
      return planned.length
    }),
  find: async (ticketId) => (await database.query<HandoffRow>(findOne, [ticketId])).map(toHandoff)[0],
  settle: async ({ ticketId, seq }, made, now) => {
    await database.query(settleOne, [
      ...[ticketId, seq, made === undefined ? null : toJson(made.summary)],
      ...[made?.model ?? null, made?.language ?? null, made?.reachesSeq ?? null],
      ...[made === undefined ? null : [...made.masked], now],
    ])
  },
})
