import { v7 as uuid } from 'uuid'
import type { ProviderNews } from '../core/provider-news.ts'
import { retryCollisions, toJson, type Database } from './database.ts'
import { newLeader } from './lead.ts'

const lead = `
update conversations c set ${newLeader('$3', '$4')}
where c.inbox_id = $1 and c.thread_key = $2 and c.mode <> $3
  and ($5 or not exists (select 1 from tickets t where t.conversation_id = c.id and t.state not in ('solved', 'closed')))
returning c.id`

const addSaid = `
with numbered as (
  update conversations c set last_seq = c.last_seq + 1
  where c.inbox_id = $1 and c.thread_key = $2
    and not exists (select 1 from messages m where m.inbox_id = $1 and m.dedup_key = $3)
  returning c.id, c.last_seq, c.contact_id
), logged as (
  insert into events (type, at, conversation_id, contact_id, data)
  select 'message.sent', $7, n.id, n.contact_id,
    jsonb_build_object('messageId', $4::uuid, 'seq', n.last_seq, 'author', 'agent') from numbered n
)
insert into messages (id, conversation_id, seq, inbox_id, dedup_key, direction, author, parts, sent_at, created_at)
select $4, n.id, n.last_seq, $1, $3, 'out', 'agent', $5::jsonb, $6, $7 from numbered n
returning conversation_id as id`

/** What providers tell beside messages, on one database. */
export interface ProviderNewsOptions {
  readonly database: Database
  /** What the bot starts from when it leads again. */
  readonly freshDialogue: unknown
  readonly now: () => Date
}

/** The news of one inbox; `onChange` hears which conversation changed. */
export const createProviderNews =
  ({ database, freshDialogue, now }: ProviderNewsOptions) =>
  (inboxId: string, onChange: (conversationId: string) => void): ProviderNews => {
    const change = async (text: string, parameters: readonly unknown[]): Promise<void> => {
      const rows = await retryCollisions(() => database.query<{ id: string }>(text, [...parameters]))
      for (const { id } of rows) onChange(id)
    }
    const dialogue = toJson(freshDialogue)
    return {
      takenOver: (threadKey) => change(lead, [inboxId, threadKey, 'human', dialogue, true]),
      givenBack: (threadKey, despiteTicket) =>
        change(lead, [inboxId, threadKey, 'bot', dialogue, despiteTicket]),
      said: ({ threadKey, dedupKey, parts, sentAt }) =>
        change(addSaid, [inboxId, threadKey, dedupKey, uuid(), toJson(parts), sentAt, now()]),
    }
  }
