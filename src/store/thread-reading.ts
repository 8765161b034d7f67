import type { StretchQuery, ThreadReading } from '../core/thread-reading.ts'
import type { Database } from './database.ts'
import { messageFields, messageJoins, toMessage, type MessageRow } from './message-rows.ts'

const backwards = `
select ${messageFields} from messages m ${messageJoins}
where m.conversation_id = $1 and m.seq < $3 order by m.seq desc limit $2`

const forwards = `
select ${messageFields} from messages m ${messageJoins}
where m.conversation_id = $1 and m.seq >= $3 order by m.seq limit $2`

/** More than any conversation has. */
const endSeq = 2_147_483_647

const around = 'select exists(select 1 from messages where conversation_id = $1 and seq < $2) as found'
const beyond = 'select exists(select 1 from messages where conversation_id = $1 and seq >= $2) as found'

const firstUnread = `
select m.seq from agent_reads r join messages m on m.conversation_id = r.conversation_id and m.seq > r.seq
where r.conversation_id = $1 and r.agent_id = $2 and m.agent_id is distinct from $2 order by m.seq limit 1`

// A ticket may move on through another conversation, which is read anew.
const markRead = `
insert into agent_reads (agent_id, conversation_id, seq, read_at)
select $2, t.conversation_id, $3, now() from tickets t where t.id = $1
on conflict (conversation_id, agent_id) do update set seq = greatest(agent_reads.seq, excluded.seq), read_at = excluded.read_at`

/** Conversations piece by piece on one database. */
export const createThreadReading = ({ query }: Database): ThreadReading => {
  const isAny = async (text: string, conversationId: string, seq: number): Promise<boolean> =>
    (await query<{ found: boolean }>(text, [conversationId, seq]))[0]?.found ?? false
  const stretchFrom = async ({ conversationId, limit, from = 0 }: StretchQuery) => {
    const rows = await query<MessageRow>(forwards, [conversationId, limit + 1, from])
    return {
      messages: rows.slice(0, limit).map(toMessage),
      earlier: await isAny(around, conversationId, from),
      later: rows.length > limit,
    }
  }
  const stretchBefore = async ({ conversationId, limit, before }: StretchQuery) => {
    const rows = await query<MessageRow>(backwards, [conversationId, limit + 1, before ?? endSeq])
    return {
      messages: rows.slice(0, limit).map(toMessage).reverse(),
      earlier: rows.length > limit,
      later: before !== undefined && (await isAny(beyond, conversationId, before)),
    }
  }
  return {
    stretch: (asked) => (asked.from === undefined ? stretchBefore(asked) : stretchFrom(asked)),
    firstUnread: async (conversationId, agentId) =>
      (await query<{ seq: number }>(firstUnread, [conversationId, agentId]))[0]?.seq,
    markRead: async ({ ticketId, agentId, seq }) => {
      await query(markRead, [ticketId, agentId, seq])
    },
  }
}
