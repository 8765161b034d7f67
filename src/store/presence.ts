import { TongdaError } from '../core/errors.ts'
import type { Availability, Presence, PresenceStore } from '../core/queue.ts'
import type { Database, Row } from './database.ts'

/**
 * Tickets `t` that count against what somebody may carry. One that waits for its contact counts for a while: most
 * contacts answer at once, and a ticket that waits for days must not fill a place.
 */
export const carried = (countedAfter: `$${number}`): string =>
  `(t.state in ('new', 'open') or (t.state = 'pending' and t.updated_at > ${countedAfter}::timestamptz))`

interface PresenceRow extends Row {
  readonly agent_id: string
  readonly agent_name: string
  readonly availability: Availability
  readonly automatic: boolean
  readonly since: Date
  readonly seen_at: Date
  readonly load: number
}

const toPresence = (row: PresenceRow): Presence => ({
  agentId: row.agent_id,
  agentName: row.agent_name,
  availability: row.availability,
  automatic: row.automatic,
  since: row.since,
  seenAt: row.seen_at,
  load: row.load,
})

const list = `
select p.agent_id, g.name as agent_name, p.availability, p.automatic, p.since, p.seen_at,
  (select count(*)::int from tickets t where t.assignee_id = p.agent_id and ${carried('$1')}) as load
from presence p join agents g on g.id = p.agent_id and g.deactivated_at is null order by g.name, p.agent_id`

const set = `
insert into presence as p (agent_id, availability, automatic, since, seen_at, active_at)
select id, $2, false, $3, $3, $3 from agents where id = $1 and deactivated_at is null
on conflict (agent_id) do update set availability = $2, automatic = false, seen_at = $3, active_at = $3,
  since = case when p.availability = $2 then p.since else $3 end
returning agent_id`

// Whoever is away because they touched nothing is back; whoever said so themselves is not.
const beat = `
with before as (select agent_id, availability = 'away' and automatic and $2 as returns from presence
  where agent_id = $1 for update)
update presence p set seen_at = greatest(p.seen_at, $3),
  active_at = case when $2 then greatest(p.active_at, $3) else p.active_at end,
  availability = case when b.returns then 'online' else p.availability end,
  automatic = p.automatic and not b.returns, since = case when b.returns then $3 else p.since end
from before b where p.agent_id = b.agent_id
returning p.availability, p.automatic, b.returns as returned`

const lapse = `
update presence set automatic = true, since = $3,
  availability = case when seen_at < $1 then 'offline' else 'away' end
where (availability <> 'offline' and seen_at < $1) or (availability = 'online' and active_at < $2::timestamptz)
returning agent_id`

interface BeatRow extends Row {
  readonly availability: Availability
  readonly automatic: boolean
  readonly returned: boolean
}

/** Who is there, on one database. */
export const createPresenceStore = ({ query }: Database): PresenceStore => ({
  list: async (countedAfter) => (await query<PresenceRow>(list, [countedAfter])).map(toPresence),
  set: async (agentId, availability, now) => {
    const rows = await query(set, [agentId, availability, now])
    if (rows.length === 0) throw new TongdaError('not_found', 'there is no such agent')
  },
  beat: async (agentId, active, now) => (await query<BeatRow>(beat, [agentId, active, now]))[0],
  lapse: async ({ silentBefore, idleBefore }, now) =>
    (await query(lapse, [silentBefore, idleBefore, now])).length,
})
