import type { FlowReading, SendsLeft, UnsentDepth, UnsentState } from '../core/flow.ts'
import type { Database, Row } from './database.ts'

/** Where a backlog is larger, nobody needs its exact depth, and a reading must not cost what clearing it would. */
const most = 100_000

// By conversations_ready: as long as what is due.
const ready = `
select count(*)::int as count, coalesce(extract(epoch from now() - min(ready_at)) * 1000, 0)::float8 as oldest_ms
from (select ready_at from conversations
  where ready_at <= now() and (lease_until is null or lease_until < now()) order by ready_at limit ${most}) c`

// By outbox_unsent: as long as what is unsent.
const unsent = `
select inbox_id, case when status <> 'waiting' then status when code = 'window_closed' then 'window'
    when code = 'quota_exhausted' then 'quota' else 'waiting' end as state,
  count(*)::int as count, min(created_at) as oldest
from (select inbox_id, status, error ->> 'code' as code, created_at from outbox
  where status in ('queued', 'waiting', 'sending') limit ${most}) o
group by 1, 2 order by 1, 2`

// By tickets_due: as long as what is overdue.
const overdue = `
select count(*)::int as count from (select 1 from tickets where due_at is not null and due_at < $1 limit ${most}) t`

// By tickets_open: as long as what is open.
const sendsLeft = `
select inbox_id as "inboxId", case when sends is null then 'closed' when sends > 4 then 'more' else sends::text end as left,
  count(*)::int as count
from (select c.inbox_id, (select sum((e.value ->> 'left')::int)::int from jsonb_each(c.quota) e
    where (e.value ->> 'until')::timestamptz > $1) as sends
  from tickets t join conversations c on c.id = t.conversation_id
  where t.state not in ('solved', 'closed') and c.quota is not null limit ${most}) o
group by 1, 2 order by 1, 2`

interface UnsentRow extends Row {
  readonly inbox_id: string
  readonly state: UnsentState
  readonly count: number
  readonly oldest: Date
}

const toUnsent = ({ inbox_id: inboxId, state, count, oldest }: UnsentRow): UnsentDepth => ({
  inboxId,
  state,
  count,
  oldestAt: oldest,
})

/** What stands in the queues of one database. */
export const createFlowReading = ({ query }: Pick<Database, 'query'>): FlowReading => ({
  ready: async () => {
    const [row] = await query<{ count: number; oldest_ms: number }>(ready)
    return { count: row?.count ?? 0, oldestMs: row?.oldest_ms ?? 0 }
  },
  unsent: async () => (await query<UnsentRow>(unsent)).map(toUnsent),
  sendsLeft: (now) => query<SendsLeft & Row>(sendsLeft, [now]),
  overdue: async (now) => (await query<{ count: number }>(overdue, [now]))[0]?.count ?? 0,
  agents: () => query('select availability, count(*)::int as count from presence group by 1 order by 1'),
  nodes: async (withinMs) => {
    const [row] = await query<{ count: number }>(
      `select count(distinct node_id)::int as count from node_inboxes
       where seen_at > now() - $1 * interval '1 millisecond'`,
      [withinMs],
    )
    return row?.count ?? 0
  },
})
