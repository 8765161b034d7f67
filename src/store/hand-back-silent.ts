import type { HandBackSilent } from '../core/queue.ts'
import { retryCollisions, toJson, type Database, type Row } from './database.ts'
import { isConflict } from './ticket-rows.ts'
import { applyChange } from './tickets.ts'

// While another ticket of the conversation is owed, a person goes on leading whatever this one does.
const listSilent = `
select t.id, t.version from tickets t join conversations c on c.id = t.conversation_id and c.mode = 'human'
where t.state = 'pending' and t.updated_at <= $1 and not exists (
  select 1 from tickets o where o.conversation_id = t.conversation_id and o.id <> t.id
    and o.state not in ('solved', 'closed'))
order by t.updated_at limit $2`

interface SilentRow extends Row {
  readonly id: string
  readonly version: number
}

/** Gives conversations back to the bot where a person's reply was left without an answer, on one database. */
export const createHandBackSilent = (database: Database, freshDialogue: unknown): HandBackSilent => {
  const dialogue = toJson(freshDialogue)
  const handBack = ({ id: ticketId, version }: SilentRow, now: Date): Promise<unknown> =>
    retryCollisions(() =>
      database.transaction((query) =>
        applyChange(
          query,
          {
            ticketId,
            expectedVersion: version,
            actor: { author: 'system', rule: 'silent-long' },
            change: 'handed-back',
            detail: {},
            set: { mode: 'bot' },
          },
          dialogue,
          now,
        ),
      ),
    )
  return async (before, now, limit) => {
    const done: string[] = []
    for (const row of await database.query<SilentRow>(listSilent, [before, limit])) {
      // Whoever did something with it meanwhile goes before a rule.
      const result = await handBack(row, now).catch((error: unknown) => {
        if (isConflict(error)) return undefined
        throw error
      })
      if (result !== undefined) done.push(row.id)
    }
    return done
  }
}
