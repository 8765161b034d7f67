import { createBatcher } from '../core/batcher.ts'
import type { Database, Row } from './database.ts'

/** How far above what was said the message that it answers is looked for: others may have come meanwhile. */
const lookBack = 20

// By primary key, and by messages_seq: a few rows for each.
const look = `
select o.id, o.message_id, (
  select m.id from (
    select i.id, i.decision from messages i
    where i.conversation_id = said.conversation_id and i.seq < said.seq order by i.seq desc limit ${lookBack}) m
  where m.decision -> 'times' -> 'replies' ? o.message_id::text limit 1) as answers
from unnest($1::uuid[]) as asked(id) join outbox o on o.id = asked.id join messages said on said.id = o.message_id`

interface SentRow extends Row {
  readonly id: string
  readonly message_id: string
  readonly answers: string | null
}

/** What an outbox row is a part of, and which message of the contact that answers. */
interface Found {
  readonly messageId: string
  readonly answers: string | undefined
}

/** Looks up what outbox rows belong to; calls of the same moment share a statement. Undefined: it is gone. */
export const createSentOf = ({
  query,
}: Pick<Database, 'query'>): ((outboxId: string) => Promise<Found | undefined>) => {
  const ask = createBatcher<string, Found | null>(
    async (ids) => {
      const rows = new Map((await query<SentRow>(look, [ids])).map((row) => [row.id, row]))
      return ids.map((id) => {
        const row = rows.get(id)
        return row === undefined ? null : { messageId: row.message_id, answers: row.answers ?? undefined }
      })
    },
    { maxItems: 200 },
  )
  return async (outboxId) => (await ask(outboxId)) ?? undefined
}
