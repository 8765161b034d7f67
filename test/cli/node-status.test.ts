import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { stringify } from 'yaml'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { createNodeBoard } from '../../src/store/index.ts'
import { tongda } from '../support/command.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describeWith('postgres', 'the command line beside nodes on PostgreSQL', (url) => {
  let folder: string
  let test: TestDatabase
  let app: App | undefined
  const run = (...args: string[]) =>
    tongda(['-c', join(folder, 'tongda.yaml'), ...args], { dataDir: join(folder, 'other-data') })

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tongda-nodes-'))
    test = await openTestPostgres(url)
    cpSync(inject('modelCache'), join(folder, 'data', 'cache'), { recursive: true })
    const raw = {
      server: { port: await freePort() },
      database: { url: test.url },
      inboxes: { chat: { channel: 'web' } },
    }
    writeFileSync(join(folder, 'tongda.yaml'), stringify(raw))
    const parsed = parseConfig({ ...raw, dataDir: join(folder, 'data') })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    app = await startApp({ config: parsed.config, log: silentLog })
  })
  afterAll(async () => {
    await app?.stop()
    await test.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  const other = { id: '018f0000-0000-7000-8000-000000000001', name: 'other-host (7)', role: 'all' } as const
  /** A second node, which cannot open its inbox. */
  const tellFailure = async () => {
    await createNodeBoard(test.database).tell(other, [
      {
        ...{ inboxId: 'chat', channel: 'web', state: 'failing', since: new Date() },
        lastError: { at: new Date(), message: 'no port' },
      },
    ])
    // It would say so every five seconds; the command may take longer to start than a node may be silent.
    await test.database.query(
      `update node_inboxes set seen_at = now() + interval '10 minutes' where node_id = $1`,
      [other.id],
    )
  }

  it('lists each inbox on each node', async () => {
    await tellFailure()
    const here = expect.stringContaining(String(process.pid)) as unknown
    expect(JSON.parse((await run('inbox', 'list', '--json')).stdout)).toEqual(
      expect.arrayContaining([
        { inboxId: 'chat', channel: 'web', state: 'running', node: here },
        { inboxId: 'chat', channel: 'web', state: 'failing', node: other.name, detail: 'no port' },
      ]),
    )
  })

  it('checks an inbox on each node', async () => {
    await tellFailure()
    const { stdout } = await run('inbox', 'check', 'chat')
    expect(stdout).toMatch(/✓ .*the inbox in the running product on .*: running/)
    expect(stdout).toMatch(/✗ .*on other-host \(7\): failing\n.*no port/)
    await createNodeBoard(test.database).leave(other.id)
  })

  it('knows nothing of inboxes once the last node has stopped', async () => {
    await app?.stop()
    app = undefined
    expect(JSON.parse((await run('inbox', 'list', '--json')).stdout)).toEqual([
      { inboxId: 'chat', channel: 'web', state: 'unknown' },
    ])
  })
})
