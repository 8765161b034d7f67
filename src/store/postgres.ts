import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Database, Query, Row } from './database.ts'
import { inspectSchema, migrationsFolder, refuseEmpty } from './migrate.ts'
import { openTransaction } from './open-transaction.ts'

/**
 * Of our sessions only. Statements are prepared, and a plan is kept: one made while tables are small would read the
 * whole of them when they are large, so every way but the one by index is closed. Without them the cost of a plan
 * looks enormous, which must not start the just-in-time compiler.
 */
const sessionSettings = [
  'timezone=UTC',
  'jit=off',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]

/** Key of the advisory lock that lets one node migrate while others wait. Any fixed number would do. */
const migrationLock = 7_466_331

/** A name that stands for the statement's text, so that the server keeps its plan over calls. */
const nameOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 40)
const names = new Map<string, string>()
const preparedName = (text: string): string => {
  const known = names.get(text) ?? nameOf(text)
  names.set(text, known)
  return known
}

const asQuery =
  (client: Pick<pg.Pool, 'query'>): Query =>
  async <Result extends Row>(text: string, params: readonly unknown[] = []) =>
    params.length === 0
      ? (await client.query<Result>(text)).rows
      : (await client.query<Result>({ name: preparedName(text), text, values: [...params] })).rows

const runMigrations = async (client: pg.Client, folder: string): Promise<void> => {
  // Loaded where it is used: most starts have nothing to migrate.
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const { migrate } = await import('drizzle-orm/node-postgres/migrator')
  await migrate(drizzle(client), { migrationsFolder: folder })
}

/** On a connection of its own, because a migration may take longer than any statement of ours. */
const migrateOnce = async (config: pg.ClientConfig, folder: string): Promise<void> => {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    const query = asQuery(client)
    if ((await inspectSchema(query, folder)) !== 'current') await runMigrations(client, folder)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined)
    await client.end()
  }
}

// The driver gives its own time-out no code.
const isSilence = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'Query read timeout'

const inTransaction =
  (pool: pg.Pool): Database['transaction'] =>
  async (work) => {
    const client = await pool.connect()
    let broken: Error | undefined
    // The pool listens only while a connection is idle; unheard, a break would end the process.
    const onBreak = (error: Error): void => {
      broken = error
    }
    client.on('error', onBreak)
    const { transaction, close, committed } = openTransaction(asQuery(client))
    try {
      await client.query('begin')
      const result = await work(transaction).finally(close)
      await client.query('commit')
      committed()
      return result
    } catch (error) {
      // Without an answer there is nobody to roll back; a server that lives does so when the connection ends.
      if (isSilence(error)) broken = error
      else
        await client.query('rollback').catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error('rollback failed')
        })
      throw error
    } finally {
      client.off('error', onBreak)
      client.release(broken)
    }
  }

/** Where the PostgreSQL server is and how many connections we may hold. */
export interface PostgresOptions {
  /** `postgres://…`; may carry a password and is never logged. */
  readonly url: string
  readonly maxConnections: number
  /** Milliseconds a statement may take; then it fails and its connection is given up. */
  readonly timeoutMs: number
  readonly log: Logger
  /** Where the migrations lie; default: those of this version. */
  readonly migrations?: string
  /** For whoever only reads: leaves the schema alone. Default false. */
  readonly asItIs?: boolean
}

/** Asks a server something on a connection of its own, without bringing its schema up to date. */
export const lookAtPostgres = async <Result>(
  url: string,
  look: (query: Query) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await look(asQuery(client))
  } catch (error) {
    if (error instanceof TongdaError) throw error
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new TongdaError(
      'database_unavailable',
      `PostgreSQL does not answer (${reason}); check the address, that the server runs and that the database exists`,
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The server ends what takes too long, and transactions whose client has gone silent. */
const serverLimits = (timeoutMs: number): readonly string[] => [
  `statement_timeout=${timeoutMs}`,
  `idle_in_transaction_session_timeout=${2 * timeoutMs}`,
]

const asOptions = (settings: readonly string[]): string =>
  settings.map((setting) => `-c ${setting}`).join(' ')

// An idle connection that is half open may never hear a goodbye.
const goodbyeMs = 3_000

/** Opens PostgreSQL (15 or newer) and migrates it, one node at a time. Throws `database_unavailable`, `database_too_new`. */
export const openPostgres = async (options: PostgresOptions): Promise<Database> => {
  const { url, maxConnections, timeoutMs, log, migrations = migrationsFolder, asItIs = false } = options
  const config: pg.ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: asOptions(sessionSettings),
  }
  const pool = new pg.Pool({
    ...config,
    max: maxConnections,
    options: asOptions([...sessionSettings, ...serverLimits(timeoutMs)]),
    // No answer after the server's own limit: the connection is half open, its other end gone without a word.
    query_timeout: timeoutMs + 1_000,
  })
  // A pooled connection may break while idle; the next query opens another.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'))
  try {
    await (asItIs ? refuseEmpty(asQuery(pool)) : migrateOnce(config, migrations))
  } catch (error) {
    await pool.end()
    if (error instanceof TongdaError) throw error
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new TongdaError(
      'database_unavailable',
      `PostgreSQL does not answer (${reason}); check DATABASE_URL, that the server runs, and that the role may create tables`,
    )
  }
  const transaction = inTransaction(pool)
  return {
    kind: 'postgres',
    query: asQuery(pool),
    transaction,
    script: (text) =>
      transaction(async (query) => {
        await query(text)
      }),
    pool: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => Promise.race([pool.end(), delay(goodbyeMs, undefined, { ref: false })]),
  }
}
