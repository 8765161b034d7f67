import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  fillFromArchive,
  fillFromSource,
  verifyArchive,
  type Manifest,
  type Progress,
} from '../backup/index.ts'
import type { Config } from '../config.ts'
import { actAs, commandLine } from '../core/acting.ts'
import type { WaitingWork } from '../core/copying.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import { copyDatabase, createAuditLog, createNodeBoard, type Database } from '../store/index.ts'
import { patient } from './backup.ts'
import { fillEmpty } from './empty-database.ts'
import { keyMark } from './key-mark.ts'
import { openBlobs, openStore, openStoreAsItIs } from './store.ts'

/** What a restore is asked for. */
export interface RestoreWish {
  readonly path: string
  /** Parks messages that had not gone instead of sending them. */
  readonly hold: boolean
  readonly progress: Progress
}

/** What was restored. */
export interface Restored {
  readonly manifest: Manifest
  /** How the master key of this installation stands to the backup's. */
  readonly key: 'same' | 'other' | 'none' | 'unknown'
}

const keyOf = (config: Config, { keyMark: wanted }: Manifest): Restored['key'] => {
  const here = keyMark(config)
  if (wanted === undefined) return 'unknown'
  if (here === undefined) return 'none'
  return here === wanted ? 'same' : 'other'
}

/** The log goes on where it was; what happened to it stands in it. */
const note = (
  config: Config,
  act: 'backup.restored' | 'database.moved',
  detail: Record<string, unknown>,
): Promise<void> =>
  actAs(commandLine, async () => {
    const database = await openStore(config, silentLog)
    try {
      await createAuditLog(database).record({ act, detail })
    } finally {
      await database.close()
    }
  })

/**
 * Restores a backup into an empty database, verified before it is written and afterwards. Throws `bad_input` when the
 * archive is damaged or the database is not empty, `database_too_new`; nothing is left then.
 */
export const restore = async (config: Config, { path, hold, progress }: RestoreWish): Promise<Restored> => {
  const place = resolve(path)
  const manifest = await verifyArchive(place)
  const { schema, queues, sequences, files } = manifest
  await fillEmpty(config, schema, (database) =>
    copyDatabase.write(
      database,
      { queues, sequences, keepExports: false, unsent: hold ? 'hold' : 'repeat' },
      (target) =>
        fillFromArchive({
          ...{ path: place, manifest, target, progress },
          blobs: files.included ? openBlobs(config) : undefined,
        }),
    ),
  )
  await note(config, 'backup.restored', { madeAt: manifest.madeAt, product: manifest.product, held: hold })
  return { manifest, key: keyOf(config, manifest) }
}

/** Nodes tell every five seconds that they live. */
const silentAfterMs = 30_000

const checkStopped = async (database: Database): Promise<void> => {
  if (database.kind === 'embedded') return
  const [node] = await createNodeBoard(database).list(silentAfterMs)
  if (node !== undefined)
    throw new TongdaError(
      'conflict',
      `产品正在这个数据库上运行 the product runs on this database (${node.node}); stop every node, wait ${String(silentAfterMs / 1_000)} s, then try again`,
    )
}

const isPostgres = (place: string): boolean => /^postgres(ql)?:\/\//.test(place)

/** Where a move goes: the same configuration with another database. */
const targetOf = (config: Config, to: string): Config =>
  isPostgres(to)
    ? { ...config, database: { ...config.database, url: to } }
    : { ...config, dataDir: resolve(to), database: { ...config.database, url: undefined } }

/** Files and the key that lie beside the data go along. */
const copyBeside = async (config: Config, target: Config, database: Database, progress: Progress) => {
  if (target.dataDir === config.dataDir) return 0
  let files = 0
  if (config.media.store === 'folder') {
    const [from, to] = [openBlobs(config), openBlobs(target)]
    await copyDatabase.read(database, async (source) => {
      for await (const some of source.files())
        for (const { id } of some) {
          const bytes = await from.get(id)
          if (bytes === undefined) continue
          await to.put(id, bytes)
          files += 1
          progress({ files })
        }
    })
  }
  const key = join(config.dataDir, 'master.key')
  if (config.masterKey === undefined && existsSync(key) && !existsSync(join(target.dataDir, 'master.key'))) {
    await mkdir(target.dataDir, { recursive: true, mode: 0o700 })
    await copyFile(key, join(target.dataDir, 'master.key'))
    await chmod(join(target.dataDir, 'master.key'), 0o600)
  }
  return files
}

/** What was moved. */
export interface Moved {
  readonly to: 'embedded' | 'postgres'
  readonly tables: number
  readonly rows: number
  readonly files: number
  readonly waiting: WaitingWork
}

const moveRows = async (
  database: Database,
  target: Config,
  { keepExports, progress }: { readonly keepExports: boolean; readonly progress: Progress },
): Promise<Pick<Moved, 'tables' | 'rows' | 'waiting'>> =>
  copyDatabase.read(database, async (source) => {
    const { schema, sequences, queues, tables } = source.frame
    let rows = 0
    await fillEmpty(target, schema, (filled) =>
      copyDatabase.write(filled, { sequences, queues, keepExports, unsent: 'go' }, async (place) => {
        rows = await fillFromSource(source, place, progress)
      }),
    )
    return { tables: tables.length, rows, waiting: source.waiting }
  })

/**
 * Copies the database of a stopped product into an empty one of the other kind, verified row by row; the source is only
 * read. Throws `bad_input`, `conflict` and `data_folder_locked` while the product runs.
 */
export const move = async (
  config: Config,
  { to, progress }: { readonly to: string; readonly progress: Progress },
): Promise<Moved> => {
  const target = targetOf(config, to)
  const toPostgres = isPostgres(to)
  if (toPostgres === (config.database.url !== undefined))
    throw new TongdaError(
      'bad_input',
      toPostgres
        ? '来源已是 PostgreSQL；去掉 DATABASE_URL，从内置数据库搬走 the source is PostgreSQL already; to move away from the embedded database, run without DATABASE_URL. Between servers use backup and restore'
        : '来源已是内置数据库；目标写 postgres://… the source is the embedded database already; name postgres://… as the target, or copy the stopped data folder',
    )
  const database = await openStoreAsItIs(patient(config), silentLog)
  let moved: Moved
  try {
    await checkStopped(database)
    const keepExports = target.dataDir === config.dataDir
    const rows = await moveRows(database, target, { keepExports, progress })
    moved = {
      ...{ to: toPostgres ? 'postgres' : 'embedded', ...rows },
      files: await copyBeside(config, target, database, progress),
    }
  } finally {
    await database.close()
  }
  await note(target, 'database.moved', { to: moved.to, rows: moved.rows })
  return moved
}
