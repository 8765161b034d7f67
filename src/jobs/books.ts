import type { Database, Row } from '../core/database.ts'
import type { DeadJob, JobDepth, JobWatch } from '../core/jobs.ts'

/**
 * What pg-boss cannot be asked for, as statements on its tables (schema version 24, of pg-boss 10.4.2). A job is known
 * by its queue, its id and the number of its try: whoever comes back after another took it over holds nothing.
 */
export interface Hold {
  readonly name: string
  readonly id: string
  readonly retryCount: number
}

const held = `name = $1 and id = $2::uuid and retry_count = $3 and state = 'active'`

/** Locks a job while it is still held. */
export const lockHeld = `select 1 as held from pgboss.job where ${held} for update`

/** No further try. */
export const forbidRetry = `update pgboss.job set retry_limit = retry_count where ${held}`

/** Gives an unfinished job back, as if it had not been tried. */
export const giveBack = `update pgboss.job set state = 'retry', started_on = null, start_after = now() where ${held}`

/** The queues among the given ones in which something is due. */
export const readyQueues = `
select queue.name from unnest($1::text[]) as queue(name) where exists (
  select 1 from pgboss.job j where j.name = queue.name and j.state < 'active' and j.start_after < now())`

/** Prolongs holds; gives the ids of those that stand. */
export const renew = `
update pgboss.job j set started_on = now()
from unnest($1::text[], $2::uuid[], $3::int[]) as hold(name, id, tries)
where j.name = hold.name and j.id = hold.id and j.retry_count = hold.tries and j.state = 'active' returning j.id`

/** Ends the holds of a process that is gone for certain. */
export const endHolds = `
update pgboss.job set started_on = now() - expire_in - interval '1 second' where state = 'active'`

const depth = `
select q.name as kind,
  (count(j.id) filter (where j.state < 'active'))::int as waiting,
  (count(j.id) filter (where j.state = 'active'))::int as running,
  (count(j.id) filter (where j.state = 'failed'))::int as dead,
  greatest(0, coalesce(extract(epoch from
    now() - min(j.start_after) filter (where j.state < 'active')) * 1000, 0))::float8 as "lateMs"
from pgboss.queue q left join pgboss.job j on j.name = q.name group by q.name order by q.name`

const dead = `
select id::text, name as kind, retry_count + 1 as tries, coalesce(output ->> 'message', '') as error,
  created_on as "createdAt", completed_on as "diedAt"
from pgboss.job where state = 'failed' order by completed_on desc, id limit $1`

/** In the state of a retry, because a newer job of the same key may wait for its first try. */
const replay = `
update pgboss.job j set state = 'retry', retry_count = 0, retry_limit = coalesce(q.retry_limit, j.retry_limit),
  started_on = null, completed_on = null, start_after = now(), keep_until = greatest(j.keep_until, now() + interval '30 days')
from pgboss.queue q where q.name = j.name and j.id = $1::uuid and j.state = 'failed' returning j.id`

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Looks after the jobs of a database; `wake` tells the nodes that one is to be run. */
export const watchJobs = ({ query }: Pick<Database, 'query'>, wake: () => void): JobWatch => ({
  depth: () => query<JobDepth & Row>(depth),
  dead: (limit) => query<DeadJob & Row>(dead, [limit]),
  replay: async (id) => {
    if (!isId.test(id) || (await query(replay, [id])).length === 0) return false
    wake()
    return true
  },
})

const noJobs: JobWatch = {
  depth: () => Promise.resolve([]),
  dead: () => Promise.resolve([]),
  replay: () => Promise.resolve(false),
}

/**
 * Looks after the jobs of a database that is worked on elsewhere, if at all: makes and migrates nothing, and nobody is
 * told, for workers look by themselves. A database that no product has worked on yet has no jobs.
 */
export const visitJobs = async ({ query }: Pick<Database, 'query'>): Promise<JobWatch> => {
  const [made] = await query(`select to_regclass('pgboss.job') is not null as found`)
  return made?.found === true ? watchJobs({ query }, () => undefined) : noJobs
}
