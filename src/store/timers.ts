import { setTimeout as delay } from 'node:timers/promises'
import type {
  FailingTimer,
  Fired,
  FireTimer,
  Timer,
  TimerDepth,
  TimerStore,
  TimerWatch,
} from '../core/timers.ts'
import { toJson, type Database, type Query, type Row, type Transaction } from './database.ts'

const set = `
insert into timers (kind, key, due_at, fire_at, payload, set_at) values ($1, $2, $3, $3, $4::jsonb, now())
on conflict (kind, key) do update set due_at = excluded.due_at, fire_at = excluded.fire_at,
  payload = excluded.payload, attempts = 0, error = null, set_at = excluded.set_at`

const cancel = 'delete from timers where kind = $1 and key = $2 returning key'

const find = 'select key, due_at as "dueAt", payload from timers where kind = $1 and key = $2 for update'

// The present as the product has it: the database's, moved as far as the product's clock is.
const present = (parameter: string): string => `now() + ${parameter}::float8 * interval '1 millisecond'`

/** More than fire at once on all nodes together, so that somebody always finds a free one. */
const candidates = 100

/**
 * An advisory lock keeps other nodes off. A row lock would do so too, but whoever moves or calls off a timer has
 * locked the timer's ticket before, and what fires locks it after: they would wait for each other.
 */
const claim = `
with due as materialized (
  select kind, key, due_at, payload, attempts from timers
  where fire_at <= ${present('$2')} and kind = any($1::text[]) order by fire_at limit ${String(candidates)}
)
select kind, key, due_at as "dueAt", payload, attempts, due_at::text as "dueText" from due
where pg_try_advisory_xact_lock(hashtextextended(kind || ' ' || key, 7466332)) limit 1`

// Not the one that was claimed any more: moved, or fired between the look and the lock.
const same = 'kind = $1 and key = $2 and due_at = $3::timestamptz and attempts = $4'
const remove = `delete from timers where ${same} returning key`
const moveOn = `
update timers set due_at = $5, fire_at = $5, attempts = 0, error = null, set_at = now()
where ${same} returning key`

const firstPauseSeconds = 1
const longestPauseSeconds = 600

const putOff = `
update timers set attempts = attempts + 1, error = $5,
  fire_at = ${present('$6')} + least($7 * 2 ^ least(attempts, 20), $8) * interval '1 second'
where ${same} returning attempts`

const untilNext = `
select (extract(epoch from min(fire_at) - (${present('$2')})) * 1000)::float8 as "untilMs"
from timers where kind = any($1::text[])`

const depth = `
select kind, count(*)::int as pending, (count(*) filter (where attempts > 0))::int as failing,
  greatest(0, extract(epoch from ${present('$1')} - min(due_at)) * 1000)::float8 as "lateMs"
from timers group by kind order by kind`

const failing = `
select kind, key, due_at as "dueAt", attempts, error, fire_at as "nextTryAt"
from timers where attempts > 0 order by due_at limit $1`

/** Milliseconds a handler may take; longer, and it has forgotten something that does not come. */
const handlerLimitMs = 5_000

interface Claimed extends Row {
  readonly kind: string
  readonly key: string
  readonly dueAt: Date
  /** To the microsecond, which a `Date` does not hold. */
  readonly dueText: string
  readonly payload: unknown
  readonly attempts: number
}

const identity = ({ kind, key, dueText, attempts }: Claimed) => [kind, key, dueText, attempts]

/** Nothing is to be undone by hand: the transaction that it leaves takes all back. */
class LostTimer extends Error {}

const withinLimit = async <Result>(work: Promise<Result>): Promise<Result> => {
  const limit = new AbortController()
  const late = delay(handlerLimitMs, undefined, { signal: limit.signal, ref: false }).then((): never => {
    throw new Error(`the handler took longer than ${String(handlerLimitMs)} ms`)
  })
  late.catch(() => undefined)
  return Promise.race([work, late]).finally(() => limit.abort())
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 1_000)

/** Runs a handler and takes its timer away, or moves it on. That comes last: the row is locked after whatever is locked by it. */
const fireClaimed = async (
  transaction: Transaction,
  claimed: Claimed,
  fire: FireTimer<unknown> | undefined,
): Promise<void> => {
  if (fire === undefined) throw new Error(`no handler for timers of kind ${claimed.kind}`)
  const { key, dueAt, payload } = claimed
  const next = await withinLimit(fire(transaction, { key, dueAt, payload }))
  const known = identity(claimed)
  const changed = await (next === undefined
    ? transaction(remove, known)
    : transaction(moveOn, [...known, next]))
  if (changed.length === 0) throw new LostTimer()
}

const recordFailure = async (
  query: Query,
  claimed: Claimed,
  error: unknown,
  aheadMs: number,
): Promise<Fired> => {
  if (error instanceof LostTimer) return { outcome: 'lost' }
  const { kind, key } = claimed
  const pauses = [firstPauseSeconds, longestPauseSeconds]
  const [row] = await query<{ attempts: number }>(putOff, [
    ...identity(claimed),
    wordsOf(error),
    aheadMs,
    ...pauses,
  ])
  return row === undefined
    ? { outcome: 'lost' }
    : { outcome: 'put-off', kind, key, attempts: row.attempts, error }
}

/** Timers on one database. `onSet` hears of each that was set, once that has taken effect. */
export const createTimerStore = (
  database: Database,
  onSet: () => void = () => undefined,
): TimerStore & TimerWatch => ({
  set: async (transaction, { name, payload: schema }, { key, dueAt, payload }) => {
    schema.parse(payload)
    await transaction(set, [name, key, dueAt, toJson(payload)])
    transaction.afterCommit(onSet)
  },
  cancel: async (transaction, { name }, key) => (await transaction(cancel, [name, key])).length > 0,
  find: async (transaction, { name, payload: schema }, key) => {
    const [row] = await transaction<Timer<unknown> & Row>(find, [name, key])
    return row === undefined ? undefined : { ...row, payload: schema.parse(row.payload) }
  },
  fireNext: async (handlers, aheadMs) => {
    let claimed: Claimed | undefined
    try {
      return await database.transaction<Fired>(async (transaction) => {
        ;[claimed] = await transaction<Claimed>(claim, [[...handlers.keys()], aheadMs])
        if (claimed === undefined) return { outcome: 'none' }
        const { kind, key } = claimed
        await fireClaimed(transaction, claimed, handlers.get(kind))
        return { outcome: 'fired', kind, key }
      })
    } catch (error) {
      if (claimed === undefined) throw error
      return recordFailure(database.query, claimed, error, aheadMs)
    }
  },
  untilNext: async (kinds, aheadMs) => {
    const [row] = await database.query<{ untilMs: number | null }>(untilNext, [kinds, aheadMs])
    return row?.untilMs ?? undefined
  },
  depth: (aheadMs) => database.query<TimerDepth & Row>(depth, [aheadMs]),
  failing: (limit) => database.query<FailingTimer & Row>(failing, [limit]),
})
