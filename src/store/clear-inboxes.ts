import type { BlobStore } from '../core/blobs.ts'
import type { Database, Query, Row } from './database.ts'
import { questionTables, suggestionTables, type MeaningTables } from './meaning-tables.ts'

/** How much lies in some inboxes. */
export interface InboxContents {
  readonly conversations: number
  readonly messages: number
  readonly tickets: number
  readonly files: number
}

/** Empties inboxes whose contents nobody needs: the demo's. */
export interface InboxCleaner {
  count(inboxIds: readonly string[]): Promise<InboxContents>
  /** Deletes conversations with all that hangs on them; gives what is gone, by conversation. */
  clear(inboxIds: readonly string[]): Promise<readonly string[]>
}

/** What emptying works on. */
export interface CleanerOptions {
  readonly database: Database
  /** Where the bytes of received files lie. */
  readonly blobs: BlobStore
}

const chosen = 'select id from conversations where inbox_id = any($1)'

const countAll = `select
  (select count(*)::int from conversations where inbox_id = any($1)) as conversations,
  (select count(*)::int from messages where conversation_id in (${chosen})) as messages,
  (select count(*)::int from tickets where conversation_id in (${chosen})) as tickets`

/** Files of messages; those of the content, whose ids are made from their bytes (version 5), stay. */
const filesOf = `select file #>> '{}' as id
  from messages, jsonb_path_query(parts, '$.**.mediaId') as file
  where conversation_id in (${chosen}) and substr(file #>> '{}', 15, 1) <> '5'
  union select avatar_media_id::text from contact_identities
  where inbox_id = any($1) and avatar_media_id is not null
  union select e.media_id::text from case_evidence e join complaint_cases k on k.id = e.case_id
  join tickets t on t.id = k.ticket_id where t.conversation_id in (${chosen})`

const ticketsOf = `select id from tickets where conversation_id in (${chosen})`

/** What was said there and means the same as other things. Groups of which nothing is left, and that nobody holds, end. */
const meaning = ({ items, groups }: MeaningTables): string => `
with gone as (delete from ${items} where conversation_id in (${chosen}) returning id, theme_id),
left_over as (
  select t.id, (select count(*) from ${items} i where i.theme_id = t.id and i.discarded_at is null
    and i.id not in (select id from gone)) as count
  from ${groups} t where t.id in (select theme_id from gone))
update ${groups} t set count = l.count, sum = null, version = version + 1,
  ended_at = case when l.count = 0 and not t.is_held then now() end
from left_over l where l.id = t.id`

/** What was suggested there, and who was told; and what the bot did not settle. */
const feedback = [
  `delete from feedback_notices where conversation_id in (${chosen})`,
  `delete from feedback_refusals where conversation_id in (${chosen})`,
  meaning(suggestionTables),
  meaning(questionTables),
]

/** What is known of conversations and tickets by incidents; the incidents and their counts stay. */
const incidents = [
  ...['incident_notices', 'incident_followers', 'incident_hearings'].map(
    (table) => `delete from ${table} where conversation_id in (${chosen})`,
  ),
  `delete from incident_tickets where ticket_id in (${ticketsOf})`,
]

const reviewsOf = `select id from work_reviews where conversation_id in (${chosen})`

/** Reviews of what was said there; what was said to agents about it stays, without them. */
const reviews = [
  `delete from work_review_scores where review_id in (${reviewsOf})`,
  `delete from work_review_history where review_id in (${reviewsOf})`,
  `update coaching_notes set review_id = null where review_id in (${reviewsOf})`,
  `update coaching_notes set ticket_id = null where ticket_id in (${ticketsOf})`,
  `delete from work_reviews where conversation_id in (${chosen})`,
]

const casesOf = `select id from complaint_cases where ticket_id in (${ticketsOf})`

/** Complaint cases hang on tickets; groups of objects go with their last report. */
const caseDeletions = [
  ...[
    'identity_checks',
    'case_notices',
    'case_actions',
    'case_decisions',
    'case_evidence',
    'case_events',
  ].map((table) => `delete from ${table} where case_id in (${casesOf})`),
  `with gone as (delete from complaint_objects where case_id in (${casesOf}) returning case_id, object_key)
   delete from complaint_groups g where object_key in (select object_key from gone) and not exists (
     select from complaint_objects o where o.object_key = g.object_key
       and o.case_id not in (select case_id from gone))`,
  `delete from complaint_cases where ticket_id in (${ticketsOf})`,
]

/** In this order, because rows point at those deleted after them. */
const deletions = [
  `delete from delivery_attempts where outbox_id in (select id from outbox where conversation_id in (${chosen}))`,
  `delete from outbox where conversation_id in (${chosen})`,
  ...reviews,
  ...caseDeletions,
  ...incidents,
  `delete from note_mentions where ticket_id in (${ticketsOf})`,
  `delete from ticket_timeline where ticket_id in (${ticketsOf})`,
  `delete from ticket_links where from_id in (${ticketsOf}) or to_id in (${ticketsOf})`,
  `delete from tickets where conversation_id in (${chosen})`,
  `delete from timers where kind = 'survey-ask' and key in (
     select id::text from survey_invitations where conversation_id in (${chosen}))`,
  `delete from survey_invitations where conversation_id in (${chosen})`,
  `delete from survey_stops where conversation_id in (${chosen})`,
  `delete from survey_consents where conversation_id in (${chosen})`,
  ...feedback,
  `delete from events where conversation_id in (${chosen})`,
  `delete from answer_verdicts where conversation_id in (${chosen})`,
  `delete from messages where conversation_id in (${chosen})`,
  'delete from conversations where inbox_id = any($1)',
  `with gone as (delete from contact_identities where inbox_id = any($1) returning contact_id)
   delete from contacts where id in (select contact_id from gone)
     and not exists (select from contact_identities where contact_id = contacts.id and inbox_id <> all($1))
     and not exists (select from conversations where contact_id = contacts.id and inbox_id <> all($1))`,
]

interface IdRow extends Row {
  readonly id: string
}

/** Deletes the conversations of inboxes with all that hangs on them, but for the bytes of files. */
export const emptyInboxes = async (query: Query, inboxIds: readonly string[]) => {
  // Held first: a message that arrives now waits, and then begins a new conversation.
  const conversations = await query<IdRow>(`${chosen} for update`, [inboxIds])
  const files = await query<IdRow>(filesOf, [inboxIds])
  for (const statement of deletions) await query(statement, [inboxIds])
  await query('delete from media where id::text = any($1)', [files.map(({ id }) => id)])
  return { conversations, files }
}

/** Counts and empties inboxes on one database. */
export const createInboxCleaner = ({ database, blobs }: CleanerOptions): InboxCleaner => ({
  count: async (inboxIds) => {
    const [[counted], files] = await Promise.all([
      database.query<Omit<InboxContents, 'files'> & Row>(countAll, [inboxIds]),
      database.query<IdRow>(filesOf, [inboxIds]),
    ])
    const { conversations = 0, messages = 0, tickets = 0 } = counted ?? {}
    return { conversations, messages, tickets, files: files.length }
  },
  clear: async (inboxIds) => {
    const { conversations, files } = await database.transaction((query) => emptyInboxes(query, inboxIds))
    // After the commit: a file without a row is waste, a row without its file a fault.
    await Promise.all(files.map(({ id }) => blobs.delete(id)))
    return conversations.map(({ id }) => id)
  },
})
