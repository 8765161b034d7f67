import type { FindTurn } from '../core/preview.ts'
import type { FindThread, ThreadAddress } from '../core/typing.ts'
import type { Database, Row } from './database.ts'

const findThread = 'select inbox_id as "inboxId", thread_key as "threadKey" from conversations where id = $1'

/** Finds threads on one database. */
export const createFindThread =
  (database: Database): FindThread =>
  async (conversationId) =>
    (await database.query<ThreadAddress & Row>(findThread, [conversationId]))[0]

/** Whoever takes over, a person or another worker, counts the fence on. */
const findTurn = `
select thread_key as "threadKey", fence = $2 as "isOurs", last_seq as "lastSeq" from conversations where id = $1`

/** Finds where turns speak, whether they still may, and after what. */
export const createFindTurn =
  (database: Database): FindTurn =>
  async ({ conversationId, fence }) =>
    (
      await database.query<NonNullable<Awaited<ReturnType<FindTurn>>> & Row>(findTurn, [
        conversationId,
        fence,
      ])
    )[0]
