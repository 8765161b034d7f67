import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it, onTestFinished } from 'vitest'
import { createServerProcess } from '../../bench/server-process.ts'
import { createWechatSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { NodeRole } from '../../src/core/node-role.ts'
import { tongda } from '../support/command.ts'
import { openTestPostgres } from '../support/databases.ts'
import { account, createWechatContact } from '../support/product.ts'
import { serveApi } from '../support/serve-api.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

describeWith('postgres', 'tongda serve --role', (postgres) => {
  it.skipIf(serviceUrl('redis') === undefined)(
    'takes messages on a web node and answers them on a worker',
    async () => {
      const test = await openTestPostgres(postgres)
      onTestFinished(() => test.dispose())
      const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
      const apiPort = await freePort()
      const apiBase = `http://127.0.0.1:${String(apiPort)}`
      const config = {
        masterKey: 'ab'.repeat(32),
        database: { url: test.url },
        redis: { url: serviceUrl('redis'), prefix: `tongda-test-${randomUUID()}` },
        encoder: { model: 'none' },
        inboxes: {
          wechat: {
            ...{ channel: 'wechat', appId, appSecret, originalId, token, encodingAesKey, mode, apiBase },
          },
        },
      }
      const start = async (role: NodeRole) => {
        const learned = inject('modelCache')
        const node = createServerProcess({ port: await freePort(), config, role, learned })
        onTestFinished(() => node.dispose())
        await node.start()
        return node
      }
      const [web, worker] = [await start('web'), await start('worker')]
      const wechat = createWechatSimulator({
        account,
        callbackUrl: () => `${web.url}/channels/wechat/callback`,
        apiUrl: () => apiBase,
        clock: systemClock,
      })
      onTestFinished(() => wechat.close())
      const api = await serveApi((request) => wechat.api.fetch(request), apiPort)
      onTestFinished(() => api.stop())
      wechat.addUser({ openid: 'oServe', name: 'oServe' })
      const contact = createWechatContact(wechat, 'oServe')

      expect((await fetch(`${web.url}/desk`)).status).toBe(200)
      expect((await fetch(`${worker.url}/desk`)).status).toBe(421)
      await contact.says('投稿一直在审核中要等多久')
      await contact.hears(/审核/)
      await worker.stop()
      await contact.says('弹幕发不出去是怎么回事')
      expect(contact.heard().join('\n')).not.toMatch(/弹幕/)
      await worker.start()
      await contact.hears(/弹幕/)
    },
    // Three starts of a process, which take long on a busy machine.
    240_000,
  )
})

const refused = async (words: readonly string[], environment: Record<string, string> = {}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tongda-serve-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  return tongda(['serve', ...words], { dataDir, environment })
}

it('names the roles when the command line says another one', async () => {
  const ran = await refused(['--role', 'boss'])
  expect(ran.status).toBe(1)
  expect(ran.stderr).toMatch(/--role <role>.*'boss' is invalid.*all, web, worker/)
})

it('names them when the environment says another one', async () => {
  const ran = await refused([], { TONGDA_ROLE: 'boss' })
  expect(ran.status).toBe(2)
  expect(ran.stderr).toMatch(/server\.role/)
  expect(ran.stderr).toMatch(/worker/)
})
