import type { CountIncident, IncidentFigures, IncidentSlot } from '../core/incident.ts'
import type { Database, Row } from './database.ts'
import { hangs, present } from './incident-rows.ts'

const about = `i.id = $1 and (cardinality(i.topics) = 0 or k.topic = any(i.topics))
  and (cardinality(i.channels) = 0 or k.channel = any(i.channels))`

/** Of the same ten minutes in the four weeks before, those count in which anything at all was counted that hour. */
const readSlots = `
with counted as (
  select date_bin('10 minutes', k.bucket, timestamptz '2000-01-01 00:00+00') as slot, k.channel, sum(k.count)::int as count
  from incidents i cross join incident_counts k
  where ${about} and k.bucket >= $2 and k.bucket < $3 group by 1, 2
), weeks as (
  select n from generate_series(1, 4) n where exists (select from incident_counts k
    where k.bucket >= $2::timestamptz - n * interval '7 days' and k.bucket < $3::timestamptz - n * interval '7 days')
), before as (
  select date_bin('10 minutes', k.bucket, timestamptz '2000-01-01 00:00+00') + w.n * interval '7 days' as slot, k.channel,
    sum(k.count)::float8 / (select count(*) from weeks) as usual
  from incidents i cross join weeks w join incident_counts k
    on k.bucket >= $2::timestamptz - w.n * interval '7 days' and k.bucket < $3::timestamptz - w.n * interval '7 days'
  where ${about} group by 1, 2
)
select coalesce(c.slot, b.slot) as at, coalesce(c.channel, b.channel) as channel, coalesce(c.count, 0) as count,
  case when exists (select from weeks) then coalesce(b.usual, 0) end as usual
from counted c full join before b on b.slot = c.slot and b.channel = c.channel order by 1, 2`

const readTickets = `
select count(*)::int as total, count(*) filter (where t.state not in ('solved', 'closed'))::int as open,
  count(*) filter (where t.state in ('solved', 'closed'))::int as solved,
  count(t.first_replied_at)::int as replied,
  (percentile_cont(0.5) within group (order by extract(epoch from t.first_replied_at - t.created_at)::float8 / 60)
    filter (where t.first_replied_at is not null))::float8 as "medianReplyMinutes"
from incident_tickets h join tickets t on t.id = h.ticket_id where h.incident_id = $1 and ${hangs}`

const readTold = `
select case when state = 'told' then way else state end as fate, reason, count(*)::int as count
from incident_notices where incident_id = $1 group by 1, 2`

interface ToldRow extends Row {
  readonly fate: keyof IncidentFigures['told']
  readonly reason: string | null
  readonly count: number
}

const toTold = (rows: readonly ToldRow[]): Pick<IncidentFigures, 'told' | 'reasons'> => {
  const told = { now: 0, fallback: 0, 'next-message': 0, waits: 0, planned: 0, never: 0 }
  const reasons: Record<string, number> = {}
  for (const { fate, reason, count } of rows) {
    told[fate] += count
    if (reason !== null && (fate === 'waits' || fate === 'never'))
      reasons[reason] = (reasons[reason] ?? 0) + count
  }
  return { told, reasons }
}

/** Counts what an incident brought, on one database. */
export const createCountIncident =
  ({ query }: Database): CountIncident =>
  async ({ id }, { from, to }) => {
    const [tickets] = await query(readTickets, [id])
    const slots = await query(readSlots, [id, from, to])
    return {
      slots: slots.map((row) => present(row) as unknown as IncidentSlot),
      tickets: present(tickets ?? {}) as unknown as IncidentFigures['tickets'],
      ...toTold(await query<ToldRow>(readTold, [id])),
    }
  }
