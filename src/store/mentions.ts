import { mentionedIn, type Colleague, type MentionStore } from '../core/mention.ts'
import type { Database, Query, Row } from './database.ts'

interface ColleagueRow extends Row, Colleague {}

// Editors have no tickets.
const listColleagues = `
select id, name from agents where deactivated_at is null and role <> 'editor' order by name, id`

const insert = `
insert into note_mentions (message_id, agent_id, ticket_id, mentioned_at)
select $1, a, $3, $4 from unnest($2::text[]) a on conflict do nothing`

interface Noted {
  readonly note: string
  readonly messageId: string
  readonly ticketId: string
  /** Who wrote it; nobody mentions themselves. */
  readonly authorId: string | null
}

/** Writes down who is mentioned in a note. `query` is the transaction that writes it. */
export const recordMentions = async (
  query: Query,
  { note, messageId, ticketId, authorId }: Noted,
  now: Date,
): Promise<void> => {
  if (!/[@＠]/u.test(note)) return
  const ids = mentionedIn(note, await query<ColleagueRow>(listColleagues)).filter((id) => id !== authorId)
  if (ids.length > 0) await query(insert, [messageId, ids, ticketId, now])
}

/** A ticket `t` with something that agent `$1` was mentioned in and has not read. */
export const isMentioned = `exists (select from note_mentions n
  where n.agent_id = $1 and n.ticket_id = t.id and n.read_at is null)`

/** Mentions on one database. */
export const createMentionStore = ({ query }: Database): MentionStore => ({
  colleagues: () => query<ColleagueRow>(listColleagues),
  waitingOn: async (ticketId) =>
    (
      await query<{ id: string }>(
        'select distinct agent_id as id from note_mentions where ticket_id = $1 and read_at is null',
        [ticketId],
      )
    ).map(({ id }) => id),
  read: async (agentId, ticketId, now) => {
    await query(
      'update note_mentions set read_at = $3 where agent_id = $1 and ticket_id = $2 and read_at is null',
      [agentId, ticketId, now],
    )
  },
})
