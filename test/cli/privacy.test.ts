import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/app/store.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { tongda } from '../support/command.ts'
import { newDataFolder } from '../support/data-folder.ts'

/** Somebody who wrote once; gives the contact. */
const writeOnce = async (folder: string): Promise<string> => {
  const parsed = parseConfig({ dataDir: folder })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const database = await openStore(parsed.config, silentLog)
  await createConversationStore(database).accept(
    [buildItem(buildInbound({ text: '我叫李小白' }))],
    new Date(),
  )
  const [row] = await database.query<{ id: string }>('select id from contacts')
  await database.close()
  return row?.id ?? ''
}

// Each call starts a process and a database.
describe('tongda privacy', { timeout: 180_000 }, () => {
  let dataDir: string
  let contact: string
  beforeAll(async () => {
    dataDir = newDataFolder('privacy')
    contact = await writeOnce(dataDir)
  })
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true })
  })
  const run = (...args: string[]) => tongda(['privacy', ...args], { dataDir })

  it('copies, holds and erases a contact', async () => {
    const out = join(dataDir, 'copy.zip')
    const copied = await run('export', contact, '-r', '本人来信要求', '-o', out)
    expect([copied.status, copied.stdout]).toEqual([0, expect.stringContaining('✓')])
    expect(statSync(out).mode & 0o077).toBe(0)
    const files = unzipSync(new Uint8Array(readFileSync(out)))
    expect(new TextDecoder().decode(files['data/messages.json'])).toContain('李小白')

    const hold =
      /✓ (\S+)/.exec((await run('hold', 'set', contact, '-k', 'contact', '-r', '法院调取')).stdout)?.[1] ?? ''
    expect((await run('hold', 'list')).stdout).toContain(`contact ${contact}  法院调取`)
    const planned = await run('erase', contact, '-r', '本人来信要求')
    expect(planned.stdout).toMatch(
      /删除 deleted {2}1 {2}消息 Messages[^]*只留数字 blanked[^]*保全 legal hold/,
    )
    expect((await run('erase', contact, '--confirm')).stderr).toContain('legal hold')
    await run('hold', 'lift', hold, '-r', '已结')
    expect((await run('erase', contact, '--confirm')).stdout).toContain('已删除 erased')
    const again = await run('export', contact, '-r', '本人来信要求')
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('erased')])
    expect(existsSync(join(dataDir, `contact-${contact}.zip`))).toBe(false)
  })

  it('counts what is over its time, and asks what is meant', async () => {
    expect((await run('retention', '--dry-run')).stdout).toContain('would remove: 消息 messages 0')
    const { status, stderr } = await run('erase', contact)
    expect([status, stderr]).toEqual([2, expect.stringContaining('--reason')])
  })
})
