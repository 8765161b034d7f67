import type { Logger } from '../core/log.ts'
import type { Query } from './database.ts'

/** Without autovacuum, dead rows of the queues would pile up; what is all-visible is skipped, so it is quick. */
const vacuum =
  'vacuum conversations, messages, outbox, delivery_attempts, tickets, timers, events, webhook_endpoints, webhook_deliveries, idempotent_requests'
const vacuumEveryMs = 10 * 60_000

/** A session alone has no checkpointer: its log would grow until it is closed, and a start after a crash reads all of it. */
const mostLogBytes = 64 * 1_048_576
const lookEveryMs = 30_000
const logBytes = `
select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()`

/** Writes everything to its pages once much stands in the log of changes alone; what stood there is written over then. */
export const shortenLog = async (query: Query): Promise<void> => {
  const [{ bytes } = { bytes: 0 }] = await query<{ bytes: number }>(logBytes)
  if (bytes > mostLogBytes) await query('checkpoint')
}

/** Does for an embedded database what a server's background processes do. Ends with what it returns. */
export const startEmbeddedUpkeep = (query: Query, log: Logger): (() => void) => {
  const often = (work: () => Promise<unknown>, everyMs: number, fault: string): NodeJS.Timeout =>
    setInterval(() => {
      work().catch((error: unknown) => log.warn({ error }, fault))
    }, everyMs).unref()
  const timers = [
    often(() => query(vacuum), vacuumEveryMs, 'the embedded database could not be cleaned'),
    often(() => shortenLog(query), lookEveryMs, 'the log of the embedded database could not be shortened'),
  ]
  return () => timers.forEach(clearInterval)
}
