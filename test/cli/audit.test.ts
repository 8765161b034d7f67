import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/app/store.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { createAuditLog, type Database } from '../../src/store/index.ts'
import { tongda } from '../support/command.ts'
import { startTestControl } from '../support/control.ts'
import { newDataFolder } from '../support/data-folder.ts'

let folder: string
let database: Database
let stop: () => void
beforeAll(async () => {
  folder = newDataFolder('audit')
  const parsed = parseConfig({ dataDir: folder })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  database = await openStore(parsed.config, silentLog)
  const audit = createAuditLog(database)
  await audit.record({ act: 'settings.changed' })
  stop = await startTestControl({ folder, audit })
})
afterAll(async () => {
  stop()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const verify = (...args: string[]) => tongda(['audit', 'verify', ...args], { dataDir: folder })

describe('tongda audit verify', () => {
  it('prints the newest line, and compares with it later', async () => {
    const { status, stdout } = await verify()
    const head = stdout.trim().split('\n').at(-1)?.trim() ?? ''
    expect([status, head]).toEqual([0, expect.stringMatching(/^\d+:[0-9a-f]{64}$/)])
    const same = await verify('--noted', head)
    expect([same.status, same.stdout]).toEqual([0, expect.stringContaining('that was noted is the same')])
    const other = await verify('--noted', head.replace(/:.*/, `:${'0'.repeat(64)}`))
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('the log was replaced')])
  })

  it('says how a line is noted', async () => {
    const { status, stderr } = await verify('--noted', 'yesterday')
    expect([status, stderr]).toEqual([2, expect.stringContaining('takes number:hash')])
  })
})
