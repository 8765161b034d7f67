import type { Database } from './database.ts'

/** A thread and its parts, `key` and `key:…`, under a new address; where that is taken, nothing is overwritten. */
const moveAll = `
update conversations c set thread_key = $3 || substr(c.thread_key, length($2) + 1)
where c.inbox_id = $1 and (c.thread_key = $2 or starts_with(c.thread_key, $2 || ':'))
  and not exists (select 1 from conversations o
    where o.inbox_id = $1 and o.thread_key = $3 || substr(c.thread_key, length($2) + 1))`

/** Moves the conversations of an inbox to the address that the provider gave their threads. */
export const createMoveThreads =
  ({ query }: Database) =>
  async (inboxId: string, from: string, to: string): Promise<void> => {
    await query(moveAll, [inboxId, from, to])
  }
