import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { openEmbedded, openPostgres, type Database } from '../../src/store/index.ts'

/** A database of this test file's own. */
export interface TestDatabase {
  readonly database: Database
  /** A folder that goes away with the database. */
  readonly folder: string
  /** Where other processes find it; empty for the embedded one. */
  readonly url: string
  dispose(): Promise<void>
}

/** Opens a fresh embedded database: a copy of the migrated template. */
export const openTestEmbedded = async (): Promise<TestDatabase> => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-test-'))
  cpSync(inject('databaseTemplate'), join(folder, 'database'), { recursive: true })
  const database = await openEmbedded({ folder, log: silentLog })
  return {
    database,
    folder,
    url: '',
    dispose: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes and opens a fresh database on the PostgreSQL server at `url`. */
export const openTestPostgres = async (url: string): Promise<TestDatabase> => {
  const name = `tongda_test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const database = await openPostgres({ url: own.href, maxConnections: 8, timeoutMs: 20_000, log: silentLog })
  const folder = mkdtempSync(join(tmpdir(), 'tongda-test-'))
  return {
    database,
    folder,
    url: own.href,
    dispose: async () => {
      await database.close()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
