import { setTimeout as delay } from 'node:timers/promises'
import type PgBoss from 'pg-boss'
import { z } from 'zod'
import type { Database } from '../core/database.ts'
import { TongdaError } from '../core/errors.ts'
import { insist } from '../core/insist.ts'
import type { JobHandler } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import { startPump } from '../core/pump.ts'
import { forbidRetry, giveBack, type Hold, lockHeld, readyQueues, renew } from './books.ts'
import { asDriver, leaseSeconds } from './boss.ts'
import { repeat } from '../core/repeat.ts'

/** What works on jobs, and how. */
export interface WorkerOptions {
  readonly database: Pick<Database, 'query' | 'transaction'>
  readonly boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail'>
  readonly handlers: readonly JobHandler[]
  /** Jobs at once on this node. */
  readonly concurrency: number
  /** How long a stop waits for jobs under way. */
  readonly stopMs: number
  readonly log: Logger
}

/** A running worker. */
export interface JobWorker {
  /** There may be something to do. */
  ring(): void
  /** Takes no more, waits for what is under way, and gives back what takes too long. */
  stop(): Promise<void>
}

/** A job that this node has in work. */
interface Held extends Hold {
  readonly data: unknown
  readonly handler: JobHandler
  readonly lastTry: boolean
  readonly abort: AbortController
}

type End =
  | { readonly how: 'done' | 'returned' | 'lost' }
  | { readonly how: 'failed'; readonly error: unknown; readonly dead: boolean }

/** Retries and jobs for later are found so late at most. Fresh ones ring. */
const pollMs = 5_000
const renewMs = (leaseSeconds * 1_000) / 4
/** How long jobs that were broken off may take to say so. */
const breakOffMs = 3_000

const stopping = new Error('the product stops')
const takenOver = new Error('another node has taken the job over')

const brokenOff = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

/** A repetition cannot help: what the job says is wrong. */
const isHopeless = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof TongdaError && error.code === 'bad_input')

const outputOf = (error: unknown): Record<string, string> => ({
  message: (error instanceof Error ? error.message : String(error)).slice(0, 1_000),
  ...(error instanceof TongdaError ? { code: error.code } : {}),
})

const endOf = ({ lastTry }: Held, error: unknown): End => {
  if (error === stopping) return { how: 'returned' }
  if (error === takenOver) return { how: 'lost' }
  return { how: 'failed', error, dead: lastTry || isHopeless(error) }
}

const runHeld = async (held: Held): Promise<End> => {
  const { id, retryCount, data, handler, abort } = held
  const { limitSeconds } = handler.kind
  const late = setTimeout(
    () => abort.abort(new Error(`the job took longer than ${String(limitSeconds)} s`)),
    limitSeconds * 1_000,
  )
  const { signal } = abort
  try {
    await Promise.race([handler.run(data, { id, attempt: retryCount + 1, signal }), brokenOff(signal)])
    return { how: 'done' }
  } catch (error) {
    return endOf(held, signal.aborted ? signal.reason : error)
  } finally {
    clearTimeout(late)
  }
}

/** Books how a job ended; without effect when it is not ours any more. */
const settle = ({ database, boss }: WorkerOptions, { name, id, retryCount }: Held, end: End): Promise<void> =>
  database.transaction(async (transaction) => {
    const hold = [name, id, retryCount]
    if ((await transaction(lockHeld, hold)).length === 0) return
    const db = asDriver(transaction)
    if (end.how === 'done') await boss.complete(name, id, {}, { db })
    if (end.how === 'returned') await transaction(giveBack, hold)
    if (end.how !== 'failed') return
    if (end.dead) await transaction(forbidRetry, hold)
    await boss.fail(name, id, outputOf(end.error), { db })
  })

/** Takes jobs: in turn of each queue that has some, as many as there is room for. */
const createTake = (options: WorkerOptions, running: ReadonlyMap<string, Held>) => {
  const { database, boss, handlers, log } = options
  const byName = new Map(handlers.map((handler) => [handler.kind.name, handler]))
  let turn = 0

  const roomOf = ({ kind }: JobHandler): number =>
    kind.atOnce - [...running.values()].filter(({ name }) => name === kind.name).length

  const fetchFrom = async (handler: JobHandler, batchSize: number): Promise<Held[]> => {
    const { name } = handler.kind
    const failures: unknown[] = []
    const db = asDriver(database.query, (error) => void failures.push(error))
    const jobs = await boss.fetch<{ readonly data: unknown }>(name, { batchSize, includeMetadata: true, db })
    // pg-boss gives nothing when its statement fails.
    if (failures.length > 0) throw new Error(`jobs of ${name} could not be claimed`, { cause: failures[0] })
    return jobs.map(({ id, data, retryCount, retryLimit }) => ({
      ...{ name, id, retryCount, handler, data: data.data },
      lastTry: retryCount >= retryLimit,
      abort: new AbortController(),
    }))
  }

  return async (limit: number): Promise<readonly Held[]> => {
    const open = handlers.filter((handler) => roomOf(handler) > 0).map(({ kind }) => kind.name)
    const rows = await database.query<{ name: string }>(readyQueues, [open])
    turn += 1
    const taken: Held[] = []
    for (let place = 0; place < rows.length && taken.length < limit; place += 1) {
      const handler = byName.get(rows[(turn + place) % rows.length]?.name ?? '')
      if (handler === undefined) continue
      const size = Math.min(roomOf(handler), limit - taken.length)
      try {
        taken.push(...(await fetchFrom(handler, size)))
      } catch (error) {
        // What is taken already must be worked on.
        if (taken.length === 0) throw error
        log.warn({ error, queue: handler.kind.name }, 'claiming jobs failed')
      }
    }
    return taken
  }
}

/** Prolongs the holds of what is running; breaks off what another node has taken over. */
const renewHolds = async ({ database, log }: WorkerOptions, running: Map<string, Held>): Promise<void> => {
  const holds = [...running.values()]
  if (holds.length === 0) return
  try {
    const rows = await database.query<{ id: string }>(renew, [
      holds.map(({ name }) => name),
      holds.map(({ id }) => id),
      holds.map(({ retryCount }) => retryCount),
    ])
    const standing = new Set(rows.map(({ id }) => id))
    for (const { id, abort } of holds) if (!standing.has(id) && running.has(id)) abort.abort(takenOver)
  } catch (error) {
    log.warn({ error }, 'the holds of running jobs could not be prolonged')
  }
}

/** Starts working on jobs; several nodes may do so on one database. */
export const startWorker = (options: WorkerOptions): JobWorker => {
  const { concurrency, stopMs, log } = options
  const running = new Map<string, Held>()
  const stopped = new AbortController()
  const take = createTake(options, running)

  const record = async (held: Held, end: End): Promise<void> => {
    const facts = { queue: held.name, job: held.id, attempt: held.retryCount + 1 }
    if (end.how === 'failed')
      log.warn(
        { ...facts, error: end.error },
        end.dead ? 'a job is dead, its tries are over' : 'a job failed and is tried again',
      )
    if (end.how === 'lost') log.warn(facts, 'a job was taken over by another node')
    else
      await insist(() => settle(options, held, end), {
        forMs: leaseSeconds * 1_000,
        stopped: stopped.signal,
        onFailure: () => undefined,
      })
  }

  const handle = async (held: Held): Promise<void> => {
    const end = await runHeld(held)
    await record(held, end).catch((error: unknown) =>
      log.error({ queue: held.name, job: held.id, error }, 'the end of a job could not be recorded'),
    )
    running.delete(held.id)
    // Its queue may have had no room while others had.
    pump.ring()
  }

  const pump = startPump<Held>({
    claim: async (limit) => {
      const taken = await take(limit)
      for (const held of taken) running.set(held.id, held)
      return taken
    },
    handle,
    onClaimError: (error) => log.error({ error }, 'claiming jobs failed; the database may be away'),
    concurrency,
    pollMs,
  })
  const stopRenewing = repeat(renewMs, () => renewHolds(options, running))
  return {
    ring: () => pump.ring(),
    stop: async () => {
      const ended = pump.stop()
      await Promise.race([ended, delay(stopMs, undefined, { ref: false })])
      stopped.abort()
      for (const { abort } of running.values()) abort.abort(stopping)
      await Promise.race([ended, delay(breakOffMs, undefined, { ref: false })])
      await stopRenewing()
    },
  }
}
