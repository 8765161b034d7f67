import type { FindThread, ThreadAddress } from '../core/typing.ts'
import type { Database, Row } from './database.ts'

const findThread = 'select inbox_id as "inboxId", thread_key as "threadKey" from conversations where id = $1'

/** Finds threads on one database. */
export const createFindThread =
  (database: Database): FindThread =>
  async (conversationId) =>
    (await database.query<ThreadAddress & Row>(findThread, [conversationId]))[0]
