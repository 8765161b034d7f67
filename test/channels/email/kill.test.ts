import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, inject, it } from 'vitest'
import { openEmbedded } from '../../../src/store/index.ts'
import { silentLog } from '../../../src/core/log.ts'
import { describeWith } from '../../support/services.ts'
import { mailOf } from './account.ts'
import { openMailbox } from './mailbox.ts'
import { startSmtpPeer } from './peer.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const childFile = new URL('./reader-process.ts', import.meta.url).pathname

/** Starts a process that reads the mailbox into its database; resolves once it says that it does. */
const startReader = async (settings: Record<string, unknown>): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--import', 'tsx', childFile, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closing.push(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

const kill = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describeWith('dovecot', 'a reader that is killed again and again', (serverUrl) => {
  it('stores every mail, each once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-mail-kill-'))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(inject('databaseTemplate'), join(folder, 'database'), { recursive: true })
    const mailbox = await openMailbox(serverUrl)
    closing.push(() => mailbox.close())
    const peer = await startSmtpPeer()
    closing.push(() => peer.close())
    const settings = { folder, ...mailbox.login, smtpPort: peer.port }

    let arrived = 0
    const arrives = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        arrived += 1
        await mailbox.arrives(mailOf(`第${arrived}封`, { id: `k${arrived}@qq.example` }))
      }
    }
    for (let round = 1; round <= 4; round += 1) {
      const child = await startReader(settings)
      // Killed while these are being read, at a point that differs with the machine's mood.
      await arrives(10)
      await kill(child)
      await arrives(2)
    }
    const last = await startReader({ ...settings, until: arrived })
    expect((await once(last, 'exit'))[0]).toBe(0)

    const database = await openEmbedded({ folder, log: silentLog })
    closing.push(() => database.close())
    const rows = await database.query<{ provider_id: string }>(
      `select provider_id from messages where direction = 'in' order by provider_id`,
    )
    const expected = Array.from({ length: arrived }, (_, n) => `k${n + 1}@qq.example`).sort()
    expect(rows.map((row) => row.provider_id)).toEqual(expected)
  }, 240_000)
})
