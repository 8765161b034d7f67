import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createWechatSimulator, type WechatSimulator } from '../../sandbox/index.ts'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { NodeRole } from '../../src/core/node-role.ts'
import { newDataFolder } from './data-folder.ts'
import { openTestPostgres } from './databases.ts'
import { account, createWechatContact, type WechatContact } from './product.ts'
import { serveApi } from './serve-api.ts'

/** A node that can be ended and started again. */
export interface RoleNode {
  readonly config: Config
  readonly app: () => App
  start(): Promise<void>
  stop(): Promise<void>
}

/** Two nodes on one database, one before browsers and providers, one behind it, and a platform that calls the first. */
export interface TwoRoles {
  readonly web: RoleNode
  readonly worker: RoleNode
  readonly wechat: WechatSimulator
  contact(): WechatContact
  dispose(): Promise<void>
}

const createNode = (config: Config): RoleNode => {
  let running: App | undefined
  return {
    config,
    app: () => {
      if (running === undefined) throw new Error(`the node ${config.server.role} does not run`)
      return running
    },
    start: async () => {
      running = await startApp({ config, log: silentLog })
    },
    stop: async () => {
      const ending = running
      running = undefined
      await ending?.stop()
    },
  }
}

/** Starts both. Without `redis` they find each other's work by looking. */
export const startTwoRoles = async (postgres: string, redis?: string): Promise<TwoRoles> => {
  const test = await openTestPostgres(postgres)
  const [apiPort, folder] = [await freePort(), newDataFolder('roles')]
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
  const apiBase = `http://127.0.0.1:${String(apiPort)}`
  const prefix = `tongda-test-${randomUUID()}`
  const nodeOf = async (role: NodeRole): Promise<RoleNode> => {
    const parsed = parseConfig({
      dataDir: folder,
      server: { port: await freePort(), role },
      database: { url: test.url },
      ...(redis === undefined ? {} : { redis: { url: redis, prefix } }),
      router: { settleMs: 0 },
      tickets: { undoSeconds: 0 },
      encoder: { model: 'none' },
      inboxes: {
        wechat: {
          ...{ channel: 'wechat', appId, appSecret, originalId, token, encodingAesKey, mode },
          ...{ apiBase, sendsPerSecond: 1_000 },
        },
        web: { channel: 'web' },
      },
    })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    return createNode(parsed.config)
  }
  const [web, worker] = [await nodeOf('web'), await nodeOf('worker')]
  const wechat = createWechatSimulator({
    account,
    callbackUrl: () => `http://127.0.0.1:${String(web.config.server.port)}/channels/wechat/callback`,
    apiUrl: () => apiBase,
    clock: systemClock,
    timing: { retryDelayMs: 50 },
  })
  const api = await serveApi((request) => wechat.api.fetch(request), apiPort)
  await web.start()
  await worker.start()
  return {
    web,
    worker,
    wechat,
    contact: () => {
      const openid = `oRoles${randomUUID().slice(0, 8)}`
      wechat.addUser({ openid, name: openid })
      return createWechatContact(wechat, openid)
    },
    dispose: async () => {
      await Promise.all([web.stop(), worker.stop()])
      wechat.close()
      api.stop()
      await test.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
