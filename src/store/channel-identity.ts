import type { Database, Row } from './database.ts'

/** Who writes in a conversation: the address on its inbox, and the key that holds beyond it. */
export interface ConversationAuthor {
  readonly inboxId: string
  readonly contactKey: string
  readonly threadKey: string
  readonly unionKey: string | null
}

const find = `select c.inbox_id as "inboxId", i.contact_key as "contactKey", c.thread_key as "threadKey", i.union_key as "unionKey"
from conversations c join contact_identities i on i.inbox_id = c.inbox_id and i.contact_key = c.contact_key
where c.id = $1`

/** Finds who writes in a conversation; undefined: nobody any more. */
export const createFindAuthor =
  (database: Database) =>
  async (conversationId: string): Promise<ConversationAuthor | undefined> =>
    (await database.query<ConversationAuthor & Row>(find, [conversationId]))[0]
