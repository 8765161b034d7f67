import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { SchemaMark } from '../core/copying.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { migrateJobs } from '../jobs/index.ts'
import {
  copyDatabase,
  lockDataFolder,
  lookAtPostgres,
  migrationsUpTo,
  newestMigration,
  openEmbedded,
  openPostgres,
  type Database,
} from '../store/index.ts'
import { patient } from './backup.ts'

const notEmpty = (what: string, how: string): TongdaError =>
  new TongdaError('bad_input', `${what} 不是空的，没有改动 is not empty and was not touched; ${how}`)

const howPostgres =
  '请新建空库并改 DATABASE_URL make an empty database (createdb NAME) and give its address in DATABASE_URL'

/** Nothing is migrated before it is known to be empty. */
const checkPostgres = (url: string, { migration }: SchemaMark): Promise<void> =>
  lookAtPostgres(url, async (query) => {
    const full = await copyDatabase.firstFull(query)
    if (full !== undefined) return full
    const [made] = await query(`select to_regclass('drizzle.__drizzle_migrations') is not null as found`)
    if (made?.found !== true) return undefined
    const [last] = await query<{ newest: string | null }>(
      'select max(created_at)::text as newest from drizzle.__drizzle_migrations',
    )
    return Number(last?.newest ?? 0) > migration ? 'a newer schema' : undefined
  }).then((full) => {
    if (full !== undefined) throw notEmpty(`PostgreSQL 数据库 database (${full})`, howPostgres)
  })

/** The schema a copy had, or the reason why it cannot be made here. */
const migrationsFor = (schema: SchemaMark): string => {
  const folder = migrationsUpTo(schema.migration)
  if (folder !== undefined) return folder
  throw new TongdaError(
    schema.migration > newestMigration() ? 'database_too_new' : 'bad_input',
    schema.migration > newestMigration()
      ? '备份来自更新的版本，什么都没写 the backup was made by a newer version; nothing was written. Restore it with that version or a later one'
      : '这个版本不认识备份的数据库结构 this version does not know the schema of the backup; restore it with the version that made it',
  )
}

const checkJobs = async ({ query }: Database, { jobs }: SchemaMark): Promise<void> => {
  const [here] = await query<{ version: number }>('select version from pgboss.version')
  if (jobs !== undefined && here?.version !== jobs)
    throw new TongdaError(
      'bad_input',
      `后台任务的结构不同 the schema of background work differs (${String(jobs)}, here ${String(here?.version)}); restore with the version that made the backup`,
    )
}

const closing = async (database: Database, work: (database: Database) => Promise<void>): Promise<void> => {
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

type Opener = (migrations?: string) => Promise<Database>

/** Opens at the schema of the copy, fills, and goes on to the schema of this version. */
const fillAndMigrate = async (
  open: Opener,
  schema: SchemaMark,
  work: (database: Database) => Promise<void>,
): Promise<void> => {
  const migrations = migrationsFor(schema)
  try {
    await closing(await open(migrations), async (database) => {
      await migrateJobs(database, silentLog)
      await checkJobs(database, schema)
      await work(database)
    })
    await (await open()).close()
  } finally {
    rmSync(migrations, { recursive: true, force: true })
  }
}

/** Builds beside the place it will have, so that a half-filled database is never opened. */
const withNewFolder = async (
  dataDir: string,
  schema: SchemaMark,
  work: (database: Database) => Promise<void>,
): Promise<void> => {
  const unlock = await lockDataFolder(dataDir)
  const building = join(dataDir, 'restore-work')
  try {
    if (existsSync(join(dataDir, 'database')))
      throw notEmpty(
        `数据目录 data folder ${dataDir}`,
        '请用 TONGDA_DATA_DIR 换一个空目录，或先把里面的 database 目录移走 choose an empty one with TONGDA_DATA_DIR, or move its folder "database" away first',
      )
    rmSync(building, { recursive: true, force: true })
    mkdirSync(building, { mode: 0o700 })
    await fillAndMigrate(
      (migrations) =>
        openEmbedded({
          ...{ folder: building, log: silentLog },
          ...(migrations === undefined ? {} : { migrations }),
        }),
      schema,
      work,
    )
    renameSync(join(building, 'database'), join(dataDir, 'database'))
  } finally {
    rmSync(building, { recursive: true, force: true })
    unlock()
  }
}

/**
 * Fills the empty database of a configuration, at the schema of the copy first; then it is migrated. Throws `bad_input`
 * when it is not empty, `database_too_new` when the copy is of a newer version. What fails leaves it empty.
 */
export const fillEmpty = async (
  config: Config,
  schema: SchemaMark,
  work: (database: Database) => Promise<void>,
): Promise<void> => {
  const { url, maxConnections, timeoutMs } = patient(config).database
  if (url === undefined) return withNewFolder(config.dataDir, schema, work)
  rmSync(migrationsFor(schema), { recursive: true, force: true })
  await checkPostgres(url, schema)
  await fillAndMigrate(
    (migrations) =>
      openPostgres({
        ...{ url, maxConnections, timeoutMs, log: silentLog },
        ...(migrations === undefined ? {} : { migrations }),
      }),
    schema,
    work,
  )
}
