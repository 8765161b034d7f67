import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Query } from '../../src/core/database.ts'
import { silentLog } from '../../src/core/log.ts'
import { lookAtPostgres, openEmbedded, openPostgres } from '../../src/store/index.ts'
import { withOwnDatabase } from '../own-database.ts'
import { createRandom } from '../random.ts'
import { countStatements, migrationNames, migrationsBefore } from './old-migrations.ts'
import { readSchema } from './read-schema.ts'

/** How hard to be. */
export interface MigrationsOptions {
  /** Of the statement in which each migration is killed. */
  readonly seed: number
  /** A PostgreSQL where databases may be made and dropped; undefined: the embedded one. */
  readonly databaseUrl?: string | undefined
  /** Places of migrations in whose middle to kill; that after the last: the tables of background jobs. Default: all. */
  readonly places?: readonly number[]
  readonly onKill?: (name: string) => void
}

/** What came of migrations that were killed in their middle. */
export interface MigrationsResult {
  readonly kills: number
  /** Kills that came after the end: there were fewer statements that make something. */
  readonly late: readonly string[]
  /** Migrations that did not end with status 0 when they were started again, or in another schema. Must be none. */
  readonly failed: readonly string[]
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where a database is: at an address, else in a folder. */
interface Place {
  readonly folder: string
  readonly url: string | undefined
}

const startMigrating = ({ folder, url }: Place): ChildProcess =>
  spawn(process.execPath, ['src/launch.mjs', 'migrate'], {
    cwd: root,
    env: { ...process.env, TONGDA_DATA_DIR: folder, ...(url === undefined ? {} : { DATABASE_URL: url }) },
    stdio: 'ignore',
  })

const migrate = async (place: Place): Promise<number | null> => {
  const child = startMigrating(place)
  await once(child, 'exit')
  return child.exitCode
}

/** Brings a database to the schema of a folder of migrations and asks it something. */
const onVersion = async <Result>(
  { folder, url }: Place,
  migrations: string | undefined,
  work: (query: Query) => Promise<Result>,
): Promise<Result> => {
  const version = migrations === undefined ? {} : { migrations }
  const database = await (url === undefined
    ? openEmbedded({ folder, log: silentLog, ...version })
    : openPostgres({ url, maxConnections: 2, timeoutMs: 60_000, log: silentLog, ...version }))
  try {
    return await work(database.query)
  } finally {
    await database.close()
  }
}

/** Holds the n-th statement that makes something, for ever: a sequence counts on whatever is rolled back. */
const trapAt = (statement: number): readonly string[] => [
  'create schema torture',
  'create sequence torture.statements',
  `create function torture.hold() returns event_trigger language plpgsql as $$
begin
  if nextval('torture.statements') >= ${String(statement)} then perform pg_sleep(3600); end if;
end $$`,
  'create event trigger torture_hold on ddl_command_end execute function torture.hold()',
]
const untrap = ['drop event trigger if exists torture_hold', 'drop schema if exists torture cascade']

const all = async (query: Query, statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await query(statement)
}

const [lookMs, heldLimitMs] = [50, 60_000]
const held = `select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`
/** What a server whose client was killed still does ends with its session. */
const endSleepers = `
select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`

/** Waits until the trap holds the migration, or it is over. Nobody may look into an embedded database meanwhile. */
const waitUntilHeld = async ({ url }: Place, child: ChildProcess, usualMs: number): Promise<void> => {
  const isOver = (): boolean => child.exitCode !== null
  if (url === undefined) {
    await once(child, 'exit', { signal: AbortSignal.timeout(Math.ceil(2 * usualMs)) }).catch(() => undefined)
    return
  }
  await lookAtPostgres(url, async (query) => {
    const endMs = performance.now() + heldLimitMs
    while (!isOver() && performance.now() < endMs && (await query(held)).length === 0) await delay(lookMs)
  })
}

/** Kills a migration in its middle, starts it again, and gives the schema in which it ends. */
const killOne = async (place: Place, at: number, statement: number, usualMs: number) => {
  const before = migrationsBefore(at)
  try {
    await onVersion(place, before, (query) => all(query, trapAt(statement)))
    const child = startMigrating(place)
    await waitUntilHeld(place, child, usualMs)
    const late = child.exitCode !== null
    if (!late) {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
    if (place.url !== undefined) await lookAtPostgres(place.url, (query) => query(endSleepers))
    await onVersion(place, late ? undefined : before, (query) => all(query, untrap))
    const status = await migrate(place)
    return { late, status, schema: await onVersion(place, undefined, readSchema) }
  } finally {
    rmSync(before, { recursive: true, force: true })
  }
}

const withPlace = async (databaseUrl: string | undefined, work: (place: Place) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-torture-migrations-'))
  try {
    if (databaseUrl === undefined) await work({ folder, url: undefined })
    else await withOwnDatabase(databaseUrl, (url) => work({ folder, url }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Kills the process in the middle of every migration, each time from the schema of the version before, and starts it
 * again: it must end in the schema that a migration ends in that nobody disturbed.
 */
export const migrationsRun = async (options: MigrationsOptions): Promise<MigrationsResult> => {
  const places = options.places ?? [...migrationNames.keys(), migrationNames.length]
  const random = createRandom(options.seed)
  const [late, failed]: [string[], string[]] = [[], []]
  let [wanted, usualMs] = ['', 0]
  await withPlace(options.databaseUrl, async (place) => {
    const startedAt = performance.now()
    if ((await migrate(place)) !== 0) failed.push('undisturbed')
    usualMs = performance.now() - startedAt
    wanted = await onVersion(place, undefined, readSchema)
  })
  for (const at of places) {
    const name = migrationNames[at] ?? 'background jobs'
    const statement = 1 + Math.floor(random() * countStatements(at))
    await withPlace(options.databaseUrl, async (place) => {
      const one = await killOne(place, at, statement, usualMs)
      if (one.late) late.push(name)
      if (one.status !== 0 || one.schema !== wanted) failed.push(name)
    })
    options.onKill?.(name)
  }
  return { kills: places.length, late, failed }
}
