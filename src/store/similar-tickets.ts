import { textOf, type Part } from '../core/message.ts'
import type { PastTicket, PastTickets } from '../core/similar-ticket.ts'
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
})
