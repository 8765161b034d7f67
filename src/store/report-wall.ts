import type { WallFacts } from '../core/report.ts'
import type { Query, Row } from './database.ts'

const countTickets = `
select (count(*) filter (where assignee_id is null and state in ('new', 'open')))::int as waiting,
  min(coalesce(queued_at, created_at)) filter (where assignee_id is null and state in ('new', 'open')) as oldest_at,
  count(*)::int as open, (count(*) filter (where due_at < $1))::int as overdue
from tickets where state not in ('solved', 'closed') and merged_into is null`

const countPeople = `
select p.availability, count(*)::int as count
from presence p join agents a on a.id = p.agent_id and a.deactivated_at is null group by 1`

interface TicketRow extends Row {
  readonly waiting: number
  readonly oldest_at: Date | null
  readonly open: number
  readonly overdue: number
}

/** How things stand now. */
export const readWall = async (query: Query, now: Date): Promise<WallFacts> => {
  const [tickets] = await query<TicketRow>(countTickets, [now])
  const people = new Map(
    (await query<{ availability: string; count: number }>(countPeople)).map(({ availability, count }) => [
      availability,
      count,
    ]),
  )
  const { waiting = 0, oldest_at: oldestAt = null, open = 0, overdue = 0 } = tickets ?? {}
  return {
    ...{ waiting, open, overdue },
    ...(oldestAt === null ? {} : { oldestAt }),
    online: people.get('online') ?? 0,
    busy: people.get('busy') ?? 0,
    away: people.get('away') ?? 0,
  }
}
