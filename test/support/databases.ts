import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { asOwner, databaseOn } from '../../bench/own-database.ts'
import { silentLog } from '../../src/core/log.ts'
import { openEmbedded, openPostgres, type Database } from '../../src/store/index.ts'
import { freshName, openOptions } from './postgres-template.ts'

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

/** Opens a fresh database on the PostgreSQL server at `url`: a copy of the migrated template. */
export const openTestPostgres = async (url: string): Promise<TestDatabase> => {
  const name = freshName()
  await asOwner(url, `create database ${name} template ${inject('postgresTemplate')}`)
  const own = databaseOn(url, name)
  const database = await openPostgres({ url: own, ...openOptions })
  const folder = mkdtempSync(join(tmpdir(), 'tongda-test-'))
  return {
    database,
    folder,
    url: own,
    dispose: async () => {
      await database.close()
      await asOwner(url, `drop database ${name} with (force)`)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
