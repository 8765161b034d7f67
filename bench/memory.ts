import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDemoClients } from '../src/app/demo-clients.ts'
import { freePort } from '../src/app/free-port.ts'
import { systemClock } from '../src/core/clock.ts'
import { silentLog } from '../src/core/log.ts'
import { megabytes, report } from './report.ts'
import { sectionsOf } from './sections.ts'
import { createServerProcess } from './server-process.ts'
import { account } from './wechat-client.ts'

const starts = 3

/** Idle memory in bytes after a start on existing data: the least of some starts, as collectors run when they like. */
const idle = async (port: number, inboxes: Readonly<Record<string, unknown>>): Promise<number> => {
  const server = createServerProcess({ port, config: { inboxes } })
  try {
    await server.start()
    const seen: number[] = []
    for (let n = 0; n < starts; n += 1) {
      await server.stop()
      await server.start()
      seen.push(await server.idleBytes())
    }
    return Math.min(...seen)
  } finally {
    await server.dispose()
  }
}

/** What WeChat, Weibo and mail cost beside the web chat, on the embedded database. */
export const channelMemory = async (): Promise<void> => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'tongda-bench-'))
  const base = `http://127.0.0.1:${String(port)}`
  const { clients, stop } = await openDemoClients({ base, clock: systemClock, folder, log: silentLog })
  try {
    const web = { web: { channel: 'web', publicUrl: base, origins: [base] } }
    const others = clients.filter(({ inbox }) => ['weibo', 'email'].includes(inbox.channel))
    const wechat = { wechat: { channel: 'wechat', mode: 'safe', ...account } }
    const alone = await idle(port, web)
    const four = await idle(port, { ...web, ...wechat, ...sectionsOf(others) })
    report('memory-of-channels', {
      webAloneMegabytes: megabytes(alone),
      wechatWeiboEmailWebMegabytes: megabytes(four),
      more: `${String(Math.round((four / alone - 1) * 100))} %`,
    })
  } finally {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
