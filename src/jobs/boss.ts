import type PgBoss from 'pg-boss'
import { type Database, type Query, toJson } from '../core/database.ts'
import type { JobKind } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'

/** Seconds a job belongs to the node that took it, unless it renews its hold. */
export const leaseSeconds = 60

/** Long after any queue is empty; what waits longer is dropped by pg-boss. */
const keepMinutes = 365 * 1_440

/** How long what is over stays to be looked at. */
const retention = {
  archiveCompletedAfterSeconds: 3_600,
  archiveFailedAfterSeconds: 90 * 86_400,
  deleteAfterDays: 1,
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** Our statements as pg-boss calls them: objects become JSON, and what failed is heard of, which pg-boss may keep. */
export const asDriver = (query: Query, onError: (error: unknown) => void = () => undefined) => {
  // Some calls bring no values, whatever the types of pg-boss say.
  const executeSql = async (text: string, values?: readonly unknown[]) => {
    try {
      const params = values?.map((value) => (isObject(value) ? toJson(value) : value))
      return { rows: await query(text, params) }
    } catch (error) {
      onError(error)
      throw error
    }
  }
  return { executeSql } satisfies PgBoss.Db
}

const wholeScript = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/

/** Scripts of pg-boss bring their own BEGIN; one that failed half way would leave a pooled connection inside it. */
const asWholeDriver = (database: Database) => {
  const single = asDriver(database.query)
  const executeSql = async (text: string, values?: readonly unknown[]) => {
    const inner = wholeScript.exec(text)?.[1]
    if (inner === undefined) return single.executeSql(text, values)
    await database.script(inner)
    return { rows: [] }
  }
  return { executeSql } satisfies PgBoss.Db
}

const queueOf = ({ name, tries, firstRetrySeconds }: JobKind<unknown>) => ({
  name,
  // One of each key waits: a unique index of pg-boss, over jobs that have not been tried.
  policy: 'short' as const,
  retryLimit: tries - 1,
  retryDelay: firstRetrySeconds,
  retryBackoff: true,
  expireInSeconds: leaseSeconds,
})

/** Makes the queues that are missing and brings the others up to date. */
const prepareQueues = async (boss: PgBoss, kinds: readonly JobKind<unknown>[]): Promise<void> => {
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
  for (const kind of kinds) {
    const wanted = queueOf(kind)
    const found = known.get(kind.name)
    if (found === undefined) await boss.createQueue(kind.name, { ...wanted, retentionMinutes: keepMinutes })
    else if (found.retryLimit !== wanted.retryLimit || found.retryDelay !== wanted.retryDelay)
      await boss.updateQueue(kind.name, wanted)
  }
}

/** What pg-boss stands on. */
export interface BossOptions {
  readonly database: Database
  readonly kinds: readonly JobKind<unknown>[]
  readonly log: Logger
}

/**
 * Opens pg-boss on our database, in its schema `pgboss`, which it makes and migrates. It only keeps the books: it has
 * no loop of its own, so nothing of it must be stopped.
 */
export const openBoss = async ({ database, kinds, log }: BossOptions): Promise<PgBoss> => {
  // Loaded beside the rest of the start, not before it.
  const { default: Boss } = await import('pg-boss')
  const boss = new Boss({ db: asWholeDriver(database), schedule: false, supervise: false, ...retention })
  boss.on('error', (error) => log.error({ error }, 'pg-boss failed'))
  await boss.start()
  await prepareQueues(boss, kinds)
  return boss
}
