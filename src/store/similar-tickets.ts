import { textOf, type Part } from '../core/message.ts'
import type { PastTicket, PastTickets, SaidUnder } from '../core/similar-ticket.ts'
import type { Database, Row } from './database.ts'

/** So many of the newest settled ones are looked through, whatever they are about. */
const looked = 2_000

const findPast = `
select t.id, t.number, t.title, t.kind, coalesce(t.solved_at, t.closed_at, t.updated_at) as "solvedAt" from (
  select * from tickets where state in ('solved', 'closed') and updated_at >= $3
  order by updated_at desc limit ${String(looked)}
) t where t.topic = $1 and t.id <> $2 and t.merged_into is null order by t.updated_at desc`

const readAnswers = `
select t.id, m.parts from unnest($1::uuid[]) as wanted(id) join tickets t on t.id = wanted.id
cross join lateral (
  select r.parts from ticket_timeline h join messages r on r.id = (h.detail ->> 'messageId')::uuid
  where h.ticket_id = t.id and h.change = 'replied'
    and not exists (select from outbox o where o.message_id = r.id and o.status = 'withdrawn')
  order by h.id desc limit 1
) m`

const settledAt = (ticket: string): string =>
  `coalesce(${ticket}.solved_at, ${ticket}.closed_at, ${ticket}.updated_at)`

// A conversation holds all tickets of a contact on a thread: what was said under another one is not this one's.
const readSaid = `
select * from (
  select m.seq, m.author, m.parts, g.name as "agentName" from tickets t
  join messages m on m.conversation_id = t.conversation_id
  left join agents g on g.id = m.agent_id
  where t.id = $1 and case m.direction
    when 'in' then m.created_at <= ${settledAt('t')} and not exists (
      select from tickets o where o.conversation_id = t.conversation_id and o.id <> t.id
        and o.merged_into is distinct from t.id
        and (o.created_at <= t.created_at or o.created_at <= m.created_at)
        and (o.state not in ('solved', 'closed') or m.created_at <= ${settledAt('o')}))
    when 'out' then m.author = 'agent' and exists (
      select from ticket_timeline h where h.ticket_id = t.id and h.change = 'replied'
        and h.detail ->> 'messageId' = m.id::text)
      and not exists (select from outbox o where o.message_id = m.id and o.status = 'withdrawn')
    else false end
  order by m.seq desc limit $2
) newest order by seq`

interface SaidRow extends Row {
  readonly author: SaidUnder['author']
  readonly parts: readonly Part[]
  readonly agentName: string | null
}

interface AnswerRow extends Row {
  readonly id: string
  readonly parts: readonly Part[]
}

/** Reads settled tickets on one database. */
export const createPastTickets = ({ query }: Database): PastTickets => ({
  ofTopic: ({ topic, id }, since) => query<PastTicket & Row>(findPast, [topic, id, since]),
  answers: async (ticketIds) => {
    const rows = await query<AnswerRow>(readAnswers, [ticketIds])
    return new Map(
      rows.flatMap(({ id, parts }) => {
        const words = textOf(parts).trim()
        return words === '' ? [] : [[id, words] as const]
      }),
    )
  },
  said: async (ticketId, limit) =>
    (await query<SaidRow>(readSaid, [ticketId, limit])).flatMap(({ author, parts, agentName }) => {
      const text = textOf(parts).trim()
      return text === '' ? [] : [{ author, text, ...(agentName === null ? {} : { agentName }) }]
    }),
})
