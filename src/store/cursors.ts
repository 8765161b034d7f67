import type { CursorStore } from '../core/cursor.ts'
import type { Database } from './database.ts'

const readCursor = 'select value from inbox_cursors where inbox_id = $1 and name = $2'

const writeCursor = `
insert into inbox_cursors (inbox_id, name, value) values ($1, $2, $3)
on conflict (inbox_id, name) do update set value = excluded.value, updated_at = now()`

/** The cursors of each inbox. */
export const createCursors =
  ({ query }: Database) =>
  (inboxId: string): CursorStore => ({
    read: async (name) => (await query<{ value: string }>(readCursor, [inboxId, name]))[0]?.value,
    write: async (name, value) => {
      await query(writeCursor, [inboxId, name, value])
    },
  })
