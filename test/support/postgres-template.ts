import { randomUUID } from 'node:crypto'
import { asOwner, databaseOn } from '../../bench/own-database.ts'
import { silentLog } from '../../src/core/log.ts'
import { openPostgres } from '../../src/store/index.ts'

/** The options of every test's connections. */
export const openOptions = { maxConnections: 8, timeoutMs: 20_000, log: silentLog }

/** A name that no other test has. */
export const freshName = (): string => `tongda_test_${randomUUID().replaceAll('-', '')}`

/** Makes a migrated, empty database that others are copied from. Nobody may be connected to it meanwhile. */
export const createPostgresTemplate = async (
  server: string,
): Promise<{ readonly name: string; dispose(): Promise<void> }> => {
  const name = freshName()
  await asOwner(server, `create database ${name}`)
  const database = await openPostgres({ url: databaseOn(server, name), ...openOptions })
  await database.close()
  return { name, dispose: () => asOwner(server, `drop database ${name} with (force)`) }
}
