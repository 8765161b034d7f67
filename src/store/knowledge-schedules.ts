import { validate } from 'uuid'
import type { EditingActor } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import type { PublishSchedule, ScheduleStore } from '../core/publish-schedule.ts'
import type { Transaction } from '../core/database.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'

interface ScheduleRow extends Row {
  readonly id: string
  readonly draft_ids: readonly string[]
  readonly due_at: Date
  readonly reason: string
  readonly override: string | null
  readonly by: EditingActor
  readonly state: PublishSchedule['state']
  readonly failure: string | null
  readonly published_in: number | null
  readonly created_at: Date
}

const toSchedule = (row: ScheduleRow): PublishSchedule => ({
  id: row.id,
  draftIds: row.draft_ids,
  dueAt: row.due_at,
  reason: row.reason,
  ...(row.override === null ? {} : { override: row.override }),
  by: row.by,
  state: row.state,
  ...(row.failure === null ? {} : { failure: row.failure }),
  ...(row.published_in === null ? {} : { publishedIn: row.published_in }),
  createdAt: row.created_at,
})

const insertSchedule = `
insert into knowledge_schedules (id, draft_ids, due_at, reason, override, by, state, created_at)
values ($1, $2::uuid[], $3, $4, $5, $6::jsonb, 'waiting', $7) on conflict (id) do nothing returning id`
const listSchedules = `
select * from knowledge_schedules
order by state = 'waiting' desc, case when state = 'waiting' then due_at end, due_at desc, id limit $1`
const cancelSchedule = `
update knowledge_schedules set state = 'cancelled' where id = $1 and state = 'waiting' returning *`
// What was called off while it was being published is published all the same, and says so.
const settleSchedule = `
update knowledge_schedules set state = $2, published_in = $3, failure = $4
where id = $1 and (state = 'waiting' or (state = 'cancelled' and $2 = 'published'))`

const find = async (query: Query, id: string): Promise<PublishSchedule> => {
  const [row] = validate(id)
    ? await query<ScheduleRow>('select * from knowledge_schedules where id = $1', [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such schedule; load the list again')
  return toSchedule(row)
}

/** The moments of schedules, set and called off with them. */
export interface ScheduleMoments {
  readonly set: (transaction: Transaction, id: string, dueAt: Date) => Promise<void>
  readonly cancel: (transaction: Transaction, id: string) => Promise<unknown>
}

/** The schedules of one database. */
export const createScheduleStore = (database: Database, moments: ScheduleMoments): ScheduleStore => ({
  list: async (limit) => (await database.query<ScheduleRow>(listSchedules, [limit])).map(toSchedule),
  get: (id) => find(database.query, id),
  create: ({ draftIds, dueAt, reason, override, by }, now, idempotencyKey) =>
    database.transaction(async (inside) => {
      const id = keyedId(idempotencyKey)
      const made = await inside(insertSchedule, [id, draftIds, dueAt, reason, override, toJson(by), now])
      if (made.length > 0) await moments.set(inside, id, dueAt)
      return find(inside, id)
    }),
  cancel: (id) =>
    database.transaction(async (inside) => {
      const [row] = validate(id) ? await inside<ScheduleRow>(cancelSchedule, [id]) : []
      if (row !== undefined) {
        await moments.cancel(inside, id)
        return toSchedule(row)
      }
      const { state } = await find(inside, id)
      throw new TongdaError('conflict', `this schedule is ${state} already`, { state })
    }),
  settle: async (id, end) => {
    const facts =
      'publishedIn' in end
        ? ['published', end.publishedIn, null]
        : ['failed', null, end.failure.slice(0, 500)]
    await database.query(settleSchedule, [id, ...facts])
  },
})
