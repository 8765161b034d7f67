import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type {
  CoachingDraft,
  CoachingNote,
  CoachingSet,
  CoachingStore,
  SetReminder,
} from '../core/review-coaching.ts'
import { type Database, type Query, type Row, type Transaction } from './database.ts'
import { present } from './incident-rows.ts'
import { keyedId } from './keyed-id.ts'
import { recordEvents } from './record-event.ts'

const fields = `n.id, n.author_id as "authorId", a.name as "authorName", n.agent_id as "agentId", g.name as "agentName",
  n.text, n.review_id as "reviewId", n.ticket_id as "ticketId", n.follow_up_at as "followUpAt",
  n.due_since as "dueSince", n.followed_up_at as "followedUpAt", n.acknowledged_at as "acknowledgedAt",
  n.created_at as "createdAt", n.updated_at as "updatedAt", n.version`
const source = `coaching_notes n left join agents a on a.id = n.author_id left join agents g on g.id = n.agent_id`

const toNote = (row: Row): CoachingNote => present(row) as unknown as CoachingNote

const unknown = (): TongdaError =>
  new TongdaError('not_found', 'there is no such coaching note among yours; load the list again')

const find = async (query: Query, id: string): Promise<CoachingNote> => {
  const [row] = validate(id) ? await query(`select ${fields} from ${source} where n.id = $1`, [id]) : []
  if (row === undefined) throw unknown()
  return toNote(row)
}

const checkAbout = async (query: Query, { agentId, ticketId }: CoachingDraft): Promise<void> => {
  const agents = await query('select 1 from agents where id = $1', [agentId])
  if (agents.length === 0) throw new TongdaError('bad_input', 'there is no such agent; name one by the id')
  if (ticketId === undefined) return
  const tickets = await query('select 1 from tickets where id = $1', [ticketId])
  if (tickets.length === 0)
    throw new TongdaError('bad_input', 'there is no such ticket; it may have been erased')
}

const insert = `
insert into coaching_notes (id, author_id, agent_id, text, review_id, ticket_id, follow_up_at, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict (id) do nothing returning id`

const create = async (
  query: Transaction,
  [draft, { now, idempotencyKey }, setReminder]: Parameters<CoachingStore['create']>,
): Promise<CoachingNote> => {
  await checkAbout(query, draft)
  const id = keyedId(idempotencyKey)
  const { authorId, agentId, text, reviewId, ticketId, followUpAt } = draft
  const made = await query(insert, [id, authorId, agentId, text, reviewId, ticketId, followUpAt, now])
  if (made.length > 0 && followUpAt !== undefined) await setReminder(query, id, followUpAt)
  return find(query, id)
}

const update = `
update coaching_notes set text = coalesce($2, text), follow_up_at = case when $3::boolean then $4 else follow_up_at end,
  due_since = case when $3::boolean or $5::timestamptz is not null then null else due_since end,
  followed_up_at = case when $3::boolean then null else coalesce($5, followed_up_at) end,
  acknowledged_at = coalesce($6, acknowledged_at), updated_at = $7, version = version + 1
where id = $1`

const remindOf = async (
  query: Transaction,
  id: string,
  { followUpAt, followedUpAt }: CoachingSet,
  setReminder: SetReminder,
): Promise<void> => {
  if (followUpAt !== undefined) await setReminder(query, id, followUpAt ?? undefined)
  else if (followedUpAt !== undefined) await setReminder(query, id, undefined)
}

const change = async (
  query: Transaction,
  [id, set, { now, expectedVersion }, setReminder]: Parameters<CoachingStore['change']>,
): Promise<CoachingNote> => {
  if (validate(id)) await query('select id from coaching_notes where id = $1 for update', [id])
  const { version } = await find(query, id)
  if (expectedVersion !== undefined && expectedVersion !== version)
    throw new TongdaError('conflict', 'the note was changed meanwhile; look at what is new, then try again', {
      ...{ version, yours: expectedVersion },
    })
  const { text, followUpAt, followedUpAt, acknowledgedAt } = set
  const moved = followUpAt !== undefined
  await query(update, [id, text, moved, followUpAt ?? null, followedUpAt, acknowledgedAt, now])
  await remindOf(query, id, set, setReminder)
  return find(query, id)
}

const listSome = `
select ${fields} from ${source}
where $1 in (n.author_id, n.agent_id) and ($2::text is null or n.agent_id = $2)
  and (not $3::boolean or n.due_since is not null) and ($4::uuid is null or n.id < $4)
order by n.id desc limit $5`

const markDue = `
update coaching_notes set due_since = $2, version = version + 1
where id = $1 and followed_up_at is null and follow_up_at is not null returning ticket_id as "ticketId"`

/** Coaching notes on one database. */
export const createCoachingStore = (database: Database): CoachingStore => ({
  create: (...call) => database.transaction((query) => create(query, call)),
  get: (id) => find(database.query, id),
  list: async (personId, { after, limit, agentId, dueOnly }) =>
    (await database.query(listSome, [personId, agentId, dueOnly, after, limit])).map(toNote),
  change: (...call) => database.transaction((query) => change(query, call)),
  remind: async (transaction, id, now) => {
    const marked = await transaction(markDue, [id, now])
    // Neither what it says nor whom it is for: others hear events, too.
    if (marked.length > 0)
      await recordEvents(transaction, [{ type: 'quality.coaching-due', at: now, data: { noteId: id } }])
  },
})
