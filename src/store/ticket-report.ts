import type { CountTickets, KeyedTicketCount, PromiseCount, TicketCount } from '../core/ticket-report.ts'
import type { Database, Row } from './database.ts'

/** What was opened in the month, and whether the promise was kept or should have been by now. */
const promise = (done: string, due: string): string => `jsonb_build_object(
    'kept', count(*) filter (where is_new and ${done} <= ${due}),
    'broken', count(*) filter (where is_new and coalesce(${done}, $3::timestamptz) > ${due}))`

// A merged ticket is counted with the one that goes on.
const countAll = `
with counted as (
  select t.*, c.channel, t.created_at >= $1 and t.created_at < $2 as is_new,
    coalesce(t.solved_at >= $1 and t.solved_at < $2, false) as is_solved
  from tickets t join conversations c on c.id = t.conversation_id
  where t.merged_into is null
    and (t.created_at >= $1 and t.created_at < $2 or t.solved_at >= $1 and t.solved_at < $2)
)
select topic, channel,
  (count(*) filter (where is_new))::int as opened, (count(*) filter (where is_solved))::int as solved,
  percentile_cont(0.5) within group (order by extract(epoch from first_replied_at - created_at)::float8)
    filter (where is_new and first_replied_at is not null) as median,
  ${promise('first_replied_at', 'first_reply_due_at')} as "firstReply",
  ${promise('solved_at', 'resolution_due_at')} as resolution
from counted group by grouping sets ((), (topic), (channel)) order by opened desc, solved desc, topic, channel`

interface CountRow extends Row {
  readonly topic: string | null
  readonly channel: string | null
  readonly opened: number
  readonly solved: number
  readonly median: number | null
  readonly firstReply: PromiseCount
  readonly resolution: PromiseCount
}

const toCount = ({ opened, solved, median, firstReply, resolution }: CountRow): TicketCount => ({
  ...{ opened, solved, firstReply, resolution },
  ...(median === null ? {} : { medianFirstReplySeconds: Math.round(median) }),
})

const none: TicketCount = {
  ...{ opened: 0, solved: 0 },
  firstReply: { kept: 0, broken: 0 },
  resolution: { kept: 0, broken: 0 },
}

/** Counts the tickets of one database. */
export const createCountTickets =
  ({ query }: Database): CountTickets =>
  async ({ from, to, now }) => {
    const rows = await query<CountRow>(countAll, [from, to, now])
    const keyed = (key: 'topic' | 'channel'): readonly KeyedTicketCount[] =>
      rows.flatMap((row) => (row[key] === null ? [] : [{ key: row[key], ...toCount(row) }]))
    const whole = rows.find(({ topic, channel }) => topic === null && channel === null)
    return {
      total: whole === undefined ? none : toCount(whole),
      ...{ topics: keyed('topic'), channels: keyed('channel') },
    }
  }
