import type { InboxStatus, NodeBoard, NodeInbox } from '../core/inbox.ts'
import type { RunningNode } from '../core/node-role.ts'
import { toJson, type Database, type Row } from './database.ts'

/** What dead nodes left is cleared away by those who live. */
const tell = `
with gone as (delete from node_inboxes where seen_at < now() - interval '1 day')
insert into node_inboxes (node_id, node_name, role, inbox_id, channel, state, since, error_at, error, next_try_at, seen_at)
select $1, $2, $4, x.inbox_id, x.channel, x.state, x.since, x.error_at, x.error, x.next_try_at, now()
from jsonb_to_recordset($3::jsonb) as x(inbox_id text, channel text, state text, since timestamptz,
  error_at timestamptz, error text, next_try_at timestamptz)
on conflict (node_id, inbox_id) do update set state = excluded.state, since = excluded.since,
  error_at = excluded.error_at, error = excluded.error, next_try_at = excluded.next_try_at, seen_at = excluded.seen_at`

const list = `
select node_name, inbox_id, channel, state, since, error_at, error, next_try_at from node_inboxes
where seen_at > now() - $1 * interval '1 millisecond' order by inbox_id, node_name`

const nodes = `
select node_name as name, role from (select distinct node_id, node_name, role from node_inboxes
  where seen_at > now() - $1 * interval '1 millisecond') n order by node_name`

interface BoardRow extends Row {
  readonly node_name: string
  readonly inbox_id: string
  readonly channel: NodeInbox['channel']
  readonly state: NodeInbox['state']
  readonly since: Date
  readonly error_at: Date | null
  readonly error: string | null
  readonly next_try_at: Date | null
}

const toRow = ({ inboxId, channel, state, since, lastError, nextTryAt }: InboxStatus) => ({
  inbox_id: inboxId,
  channel,
  state,
  since,
  error_at: lastError?.at,
  error: lastError?.message,
  next_try_at: nextTryAt,
})

const toInbox = (row: BoardRow): NodeInbox => ({
  node: row.node_name,
  inboxId: row.inbox_id,
  channel: row.channel,
  state: row.state,
  since: row.since,
  ...(row.error_at === null ? {} : { lastError: { at: row.error_at, message: row.error ?? '' } }),
  ...(row.next_try_at === null ? {} : { nextTryAt: row.next_try_at }),
})

/** The board of one database. */
export const createNodeBoard = ({ query }: Pick<Database, 'query'>): NodeBoard => ({
  tell: async ({ id, name, role }, statuses) => {
    await query(tell, [id, name, toJson(statuses.map(toRow)), role])
  },
  list: async (withinMs) => (await query<BoardRow>(list, [withinMs])).map(toInbox),
  nodes: (withinMs) => query<Row & RunningNode>(nodes, [withinMs]),
  leave: async (nodeId) => {
    await query('delete from node_inboxes where node_id = $1', [nodeId])
  },
})
