import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { inject } from 'vitest'
import { createServerProcess, type ServerProcess } from '../../bench/server-process.ts'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { newDataFolder } from './data-folder.ts'
import { openTestPostgres, type TestDatabase } from './databases.ts'

/** Two products on one PostgreSQL and one Redis. */
export interface NodePair {
  readonly database: TestDatabase['database']
  /** A process of its own, started first, that can be killed. */
  readonly first: ServerProcess
  /** Starts the other one, in this process. */
  startSecond(): Promise<App>
  dispose(): Promise<void>
}

/** The inboxes of each; what they reach differs, so that the provider can tell who comes. */
export interface PairInboxes {
  readonly first: Readonly<Record<string, unknown>>
  readonly second: Readonly<Record<string, unknown>>
}

/** Starts the first one. */
export const startPair = async (
  { postgres, redis }: { readonly postgres: string; readonly redis: string },
  inboxes: PairInboxes,
): Promise<NodePair> => {
  const test = await openTestPostgres(postgres)
  const prefix = `tongda-test-${randomUUID()}`
  const configOf = (port: number, own: Readonly<Record<string, unknown>>) => ({
    server: { port },
    masterKey: 'ab'.repeat(32),
    database: { url: test.url },
    redis: { url: redis, prefix },
    router: { settleMs: 0, leaseMs: 5_000 },
    tickets: { undoSeconds: 0 },
    encoder: { model: 'none' },
    inboxes: own,
  })
  const port = await freePort()
  const first = createServerProcess({
    port,
    config: configOf(port, inboxes.first),
    learned: inject('modelCache'),
  })
  const folder = newDataFolder('pair')
  let second: App | undefined
  await first.start()
  return {
    database: test.database,
    first,
    startSecond: async () => {
      const parsed = parseConfig({ dataDir: folder, ...configOf(await freePort(), inboxes.second) })
      if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
      return (second = await startApp({ config: parsed.config, log: silentLog }))
    },
    dispose: async () => {
      await second?.stop()
      await first.dispose()
      await test.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
