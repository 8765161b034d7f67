import { randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { createSandbox, createWechatSimulator, demoUsers, type WechatAccount } from '../../sandbox/index.ts'
import type { InboxConfig } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { MessageLog } from '../core/conversation.ts'

/** The demo's inboxes, by the names they have in addresses. */
export const demoInboxes = { wechat: 'wechat-demo', web: 'web-demo' } as const

/** A simulated official account and the inboxes that serve it and the web chat: what a start without configuration gets. */
export interface Demo {
  readonly inboxes: readonly InboxConfig[]
  /** Mounts the simulators and the try-it page. */
  mount(app: Hono, facts: DemoFacts): void
  stop(): void
}

/** What the try-it page shows of the product. */
export interface DemoFacts {
  readonly clock: Clock
  readonly messageLog: MessageLog
  readonly signInUrl: () => string | undefined
}

// Made anew at each start: they only have to agree within this process.
const createAccount = (): WechatAccount => ({
  name: '次元站',
  appId: `wx${randomBytes(8).toString('hex')}`,
  appSecret: randomBytes(16).toString('hex'),
  originalId: `gh_${randomBytes(6).toString('hex')}`,
  token: randomBytes(12).toString('hex'),
  encodingAesKey: randomBytes(33)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'a')
    .slice(0, 43),
  mode: 'safe',
  kind: 'service',
})

const traceLimit = 200

/** Makes the demo for a server on `port` of this machine. */
export const createDemo = (port: number, clock: Clock): Demo => {
  const base = `http://127.0.0.1:${String(port)}`
  const account = createAccount()
  const wechat = createWechatSimulator({
    account,
    callbackUrl: () => `${base}/channels/${demoInboxes.wechat}/callback`,
    apiUrl: () => `${base}/sandbox/wechat`,
    clock,
    users: demoUsers,
  })
  let close = (): void => undefined
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
  const section = {
    appId,
    appSecret,
    originalId,
    token,
    encodingAesKey,
    mode,
    apiBase: `${base}/sandbox/wechat`,
  }
  const origins = [base, `http://localhost:${String(port)}`]
  return {
    inboxes: [
      { inboxId: demoInboxes.wechat, channel: 'wechat', section },
      { inboxId: demoInboxes.web, channel: 'web', section: { publicUrl: base, origins } },
    ],
    mount: (app, { clock: now, messageLog, signInUrl }) => {
      const sandbox = createSandbox({
        simulators: { wechat },
        inboxes: demoInboxes,
        clock: now,
        trace: (inboxId, threadKey) => messageLog.latest({ inboxId, threadKey, limit: traceLimit }),
        webChatUrl: `/channels/${demoInboxes.web}/page`,
        deskUrl: '/desk',
        signInUrl,
      })
      close = () => sandbox.close()
      app.route('/sandbox/wechat', wechat.api)
      app.route('/sandbox', sandbox.app)
    },
    stop: () => {
      close()
      wechat.close()
    },
  }
}
