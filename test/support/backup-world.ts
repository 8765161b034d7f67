import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { randomBytes, createHash, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { z } from 'zod'
import { openBlobs, openStore } from '../../src/app/store.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Database } from '../../src/store/index.ts'
import { tongda, type Ran } from './command.ts'

/** What `tongda backup --json` tells. */
export const BackupAnswer = z.looseObject({
  tables: z.array(z.object({ name: z.string(), rows: z.number(), checksum: z.string() })),
  files: z.looseObject({ copied: z.number(), missing: z.array(z.string()) }),
  waiting: z.object({ messages: z.number(), webhooks: z.number(), jobs: z.number() }),
})
export type BackupAnswer = z.infer<typeof BackupAnswer>

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

const parsed = (folder: string, url: string): Config => {
  const result = parseConfig({ dataDir: folder, ...(url === '' ? {} : { database: { url } }) })
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.config
}

/** Makes data folders and databases, and clears them away. */
export const createPlaces = (server: string | undefined) => {
  const folders: string[] = []
  const names: string[] = []
  const admin = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(text).finally(() => client.end())
  }
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
      const name = `tongda_test_${randomUUID().replaceAll('-', '')}`
      await admin(`create database ${name}`)
      names.push(name)
      const own = new URL(server)
      own.pathname = `/${name}`
      return placeOf(folder, own.href)
    },
    /** A name in a folder that goes away. */
    file: (name: string): string => {
      const folder = mkdtempSync(join(tmpdir(), 'tongda-archive-'))
      folders.push(folder)
      return join(folder, name)
    },
    at: placeOf,
    dispose: async (): Promise<void> => {
      for (const name of names) await admin(`drop database if exists ${name} with (force)`)
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
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

/** Counts and checksums by table, without what a copy itself writes: who copied, and places in the log of events. */
export const sumsOf = ({ tables }: BackupAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tables
      .filter(({ name }) => !/audit_log|events|event_readers|webhook_endpoints|node_inboxes/.test(name))
      .map(({ name, rows, checksum }) => [name, `${String(rows)} ${checksum}`]),
  )
