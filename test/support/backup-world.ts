import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes, createHash, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { asOwner, databaseOn } from '../../bench/own-database.ts'
import { openBlobs, openStore } from '../../src/app/store.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import {
  lookAtEmbedded,
  lookAtPostgres,
  migrationsUpTo,
  openEmbedded,
  openPostgres,
  type Database,
} from '../../src/store/index.ts'
import { tongda, type Ran } from './command.ts'
import { freshName } from './postgres-template.ts'

/** A data folder, and the PostgreSQL database beside it where there is one. */
export interface Place {
  readonly folder: string
  /** Empty: the embedded database. */
  readonly url: string
  readonly config: Config
  run(...args: string[]): Promise<Ran>
  /** Opens the database as the product would. */
  open(): Promise<Database>
}

const parsed = (folder: string, url: string, media?: object): Config => {
  const result = parseConfig({
    dataDir: folder,
    ...(url === '' ? {} : { database: { url } }),
    ...(media === undefined ? {} : { media }),
  })
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.config
}

/** Makes data folders and databases, and clears them away. */
export const createPlaces = (server: string | undefined) => {
  const folders: string[] = []
  const drops: (() => Promise<void>)[] = []
  const placeOf = (folder: string, url: string): Place => {
    const config = parsed(folder, url)
    return {
      ...{ folder, url, config },
      run: (...args) =>
        tongda(args, { dataDir: folder, environment: url === '' ? {} : { DATABASE_URL: url } }),
      open: () => openStore(config, silentLog),
    }
  }
  return {
    /** A folder without a database, or with an empty one on the server. */
    empty: async (): Promise<Place> => {
      const folder = mkdtempSync(join(tmpdir(), 'tongda-backup-'))
      folders.push(folder)
      // What was learned takes seconds to make, and belongs to no backup.
      cpSync(inject('modelCache'), join(folder, 'cache'), { recursive: true })
      if (server === undefined) return placeOf(folder, '')
      const name = freshName()
      await asOwner(server, `create database ${name}`)
      drops.push(() => asOwner(server, `drop database if exists ${name} with (force)`))
      return placeOf(folder, databaseOn(server, name))
    },
    /** A name in a folder that goes away. */
    file: (name: string): string => {
      const folder = mkdtempSync(join(tmpdir(), 'tongda-archive-'))
      folders.push(folder)
      return join(folder, name)
    },
    at: placeOf,
    dispose: async (): Promise<void> => {
      for (const drop of drops) await drop()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The same place with its files in a bucket of the server at `endpoint`, which takes any key. */
export const inBucket = (place: Place, endpoint: string, bucket: string): Place => {
  const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
  const media = { store: 's3', s3: { endpoint, bucket, ...keys } }
  const settings = join(place.folder, 'bucket.yaml')
  // JSON is YAML.
  writeFileSync(settings, JSON.stringify({ media }))
  return {
    ...place,
    config: parsed(place.folder, place.url, media),
    run: (...args) => place.run(...args, '--config', settings),
  }
}

/** Brings an empty place to the schema of a version long ago. */
export const makeOlder = async ({ folder, url }: Place): Promise<void> => {
  const journal: unknown = JSON.parse(
    readFileSync(new URL('../../src/store/migrations/meta/_journal.json', import.meta.url), 'utf8'),
  )
  const { entries } = journal as { readonly entries: readonly { readonly when: number }[] }
  const migrations = migrationsUpTo(entries[20]?.when ?? 0) ?? ''
  const shared = { log: silentLog, migrations }
  const database = await (url === ''
    ? openEmbedded({ ...shared, folder })
    : openPostgres({ ...shared, url, maxConnections: 2, timeoutMs: 60_000 }))
  await database.close()
}

/** How many migrations a place has had; undefined: it has no database. */
export const schemaOf = ({ folder, url }: Place) => {
  const look = (query: Database['query']) =>
    query('select count(*)::int as made from drizzle.__drizzle_migrations')
  return url === '' ? lookAtEmbedded(folder, look) : lookAtPostgres(url, look)
}

/** Puts a file of so many random bytes where files of messages lie. */
export const storeFile = async (place: Place, bytes: number): Promise<string> => {
  const id = randomUUID()
  const content = randomBytes(bytes)
  await openBlobs(place.config).put(id, content)
  const database = await place.open()
  await database.query(
    `insert into media (id, content_type, bytes, sha256) values ($1, 'application/octet-stream', $2, $3)`,
    [id, bytes, createHash('sha256').update(content).digest('hex')],
  )
  await database.close()
  return id
}
