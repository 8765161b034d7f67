import type { Ticket } from '../src/core/ticket.ts'
import type { Database } from '../src/store/index.ts'

const addMessages = `
insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
select gen_random_uuid(), c.id, c.last_seq + n, c.inbox_id, case when n % 3 = 0 then 'out' else 'in' end,
  case when n % 3 = 0 then 'bot' else 'contact' end,
  jsonb_build_array(jsonb_build_object('kind', 'text', 'text', '第' || c.last_seq + n || '句：' || repeat('大会员多扣了钱，', n % 7))),
  now(), now()
from conversations c, generate_series(1, $2) n where c.id = $1`

/** Lets a ticket's conversation go on until it has so many messages; each says which one it is. */
export const talkOn = async (
  { query }: Database,
  { conversationId }: Ticket,
  total: number,
): Promise<void> => {
  const [row] = await query<{ last_seq: number }>('select last_seq from conversations where id = $1', [
    conversationId,
  ])
  const { last_seq: had = 0 } = row ?? {}
  await query(addMessages, [conversationId, total - had])
  await query('update conversations set last_seq = $2 where id = $1', [conversationId, total])
}

const addReads = `
insert into agent_reads (agent_id, conversation_id, seq, read_at) values ($1, $2, $3, now())
on conflict (conversation_id, agent_id) do update set seq = excluded.seq`

/** Lets an agent have read a ticket's conversation up to a message. */
export const readUpTo = async (
  { query }: Database,
  { conversationId }: Ticket,
  { agentId, seq }: { readonly agentId: string; readonly seq: number },
): Promise<void> => {
  await query(addReads, [agentId, conversationId, seq])
}

/** Makes many tickets like one, as if their promises had been reckoned, each due a second after the one before, from a month on. */
export const manyLike = async ({ query }: Database, { id }: Ticket, count: number): Promise<void> => {
  const columns = await query<{ column_name: string }>(
    `select column_name from information_schema.columns where table_name = 'tickets'
     and column_name not in ('id', 'number', 'due_at', 'reckoned_version')`,
  )
  const kept = columns.map(({ column_name: name }) => name).join(', ')
  await query(
    `insert into tickets (id, number, due_at, reckoned_version, ${kept})
     select gen_random_uuid(), (select max(number) from tickets) + n, now() + interval '30 days' + n * interval '1 second', version,
       ${kept} from tickets, generate_series(1, $2) n where id = $1`,
    [id, count],
  )
}
