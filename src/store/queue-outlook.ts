import type { QueueOutlook, QueuePlace, Waiting } from '../core/queue.ts'
import type { Database, Row } from './database.ts'
import { dueOf, queueOrder, rankOf, teamFor, waits } from './queue-sql.ts'
import { checkTeam } from './teams.ts'

/** How many of the latest exits tell the pace, how old they may be, and how few tell nothing. */
const latest = 20
const withinHours = 24
const fewest = 5

/**
 * How long the first in a team's queue waits for somebody, in milliseconds: the median of the latest exits, each from
 * when it came first; at least as long as the one that is first now has waited since the last exit. Null when nobody
 * is online or too few exits are known: then nothing can be said.
 */
const paceOf = (team: string, silent: string, now: string): string => `(
  select case when count(x.ms) >= ${fewest} and exists (
      select 1 from team_members m join presence p on p.agent_id = m.agent_id
      where m.team_id = ${team} and p.availability in ('online', 'busy') and p.seen_at >= ${silent}
    ) then greatest(percentile_cont(0.5) within group (order by x.ms),
      (select extract(epoch from ${now}::timestamptz - greatest(max(x.left_at), min(coalesce(t.queued_at, t.created_at)))) * 1000
        from tickets t where t.team_id = ${team} and ${waits('t')} having count(*) > 0)) end
  from (
    select e.left_at, greatest(0, extract(epoch from e.left_at
      - greatest(e.entered_at, lag(e.left_at) over (order by e.left_at, e.id)))) * 1000 as ms
    from (select * from queue_exits where team_id = ${team} and left_at > ${now}::timestamptz - interval '${withinHours} hours'
      order by left_at desc, id desc limit ${latest}) e
  ) x)`

const arriving = { kind: '$2', topic: '$3', priority: '$4', channel: 'c.channel' }

const ahead = `
with home as (
  select ${teamFor(arriving)} as team from conversations c where c.id = $1
)
select 1 + (
    select count(*)::int from tickets t where t.team_id = home.team and ${waits('t')}
      and (${rankOf('t.priority')}, ${dueOf('t')}) <= (${rankOf('$4')}, $5::timestamptz)
  ) as position, ${paceOf('home.team', '$6', '$7')}::float8 as pace
from home where home.team is not null`

const places = `
select s.id, w.position, ${paceOf('s.team_id', '$2', '$3')}::float8 as pace
from tickets s cross join lateral (
  select count(*)::int as position from tickets o where o.team_id = s.team_id and ${waits('o')}
    and (${queueOrder('o')}) <= (${queueOrder('s')})
) w where s.id = any($1::uuid[]) and s.team_id is not null and ${waits('s')}`

const listWaiting = `
select row_number() over (order by ${queueOrder('t')})::int as position, t.id as "ticketId", t.number,
  coalesce(t.subject, t.title) as title, t.state, t.priority, t.topic, k.skills ->> t.topic as skill,
  t.first_reply_due_at as "firstReplyDueAt", coalesce(t.queued_at, t.created_at) as "queuedAt",
  (count(*) over ())::int as waiting
from tickets t join teams k on k.id = t.team_id where t.team_id = $1 and ${waits('t')}
order by ${queueOrder('t')} limit $2`

interface PlaceRow extends Row {
  readonly id: string
  readonly position: number
  readonly pace: number | null
}

type WaitingRow = Omit<Waiting, 'skill'> & Row & { readonly skill: string | null; readonly waiting: number }

const toPlace = ({ position, pace }: Pick<PlaceRow, 'position' | 'pace'>): QueuePlace =>
  pace === null ? { position } : { position, waitMs: Math.round(pace * position) }

const toWaiting = ({ skill, ...row }: WaitingRow): Waiting => ({
  position: row.position,
  ticketId: row.ticketId,
  number: row.number,
  title: row.title,
  state: row.state,
  priority: row.priority,
  topic: row.topic,
  ...(skill === null ? {} : { skill }),
  firstReplyDueAt: row.firstReplyDueAt,
  queuedAt: row.queuedAt,
})

/** Where tickets stand, on one database. */
export const createQueueOutlook = ({ query }: Database): QueueOutlook => ({
  ahead: async ({ conversationId, kind, topic, priority, firstReplyDueAt }, silentBefore, now) => {
    const facts = [conversationId, kind, topic, priority, firstReplyDueAt, silentBefore, now]
    const [row] = await query<PlaceRow>(ahead, facts)
    return row === undefined ? undefined : toPlace(row)
  },
  places: async (ticketIds, silentBefore, now) => {
    const rows = await query<PlaceRow>(places, [[...ticketIds], silentBefore, now])
    return new Map(rows.map((row) => [row.id, toPlace(row)]))
  },
  waiting: async (teamId, limit) => {
    await checkTeam(query, teamId)
    const rows = await query<WaitingRow>(listWaiting, [teamId, limit])
    return { waiting: rows[0]?.waiting ?? 0, entries: rows.map(toWaiting) }
  },
  retire: async (before) => {
    await query('delete from queue_exits where left_at < $1', [before])
  },
})
