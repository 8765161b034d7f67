import type { Hono } from 'hono'
import { join } from 'node:path'
import {
  createSandbox,
  createWechatSimulator,
  demoUsers,
  openSnapshotFile,
  simulatorSnapshot,
  type SandboxOptions,
  type WechatAccount,
} from '../../sandbox/index.ts'
import type { InboxConfig } from '../config.ts'
import type { ContactTrace } from '../core/conversation.ts'
import type { Logger } from '../core/log.ts'
import { openDemoClients } from './demo-clients.ts'
import { createAesKey, secretOf } from './demo-secrets.ts'

/** The inboxes of the two clients that are always there. */
const demoInboxes = { wechat: 'wechat-demo', web: 'web-demo' } as const

/** Simulated providers, the inboxes that serve them and the web chat: what a start without configuration gets. */
export interface Demo {
  readonly inboxes: readonly InboxConfig[]
  /** Mounts the simulators and the try-it page. */
  mount(app: Hono, facts: DemoFacts): void
  stop(): Promise<void>
}

/** What the try-it page shows of the product. */
export interface DemoFacts {
  readonly contactTrace: ContactTrace
  readonly signInUrl: () => string | undefined
  readonly demoData: SandboxOptions['demoData']
  /** Undefined: there is no help centre. */
  readonly helpUrl: string | undefined
}

/** Where the demo runs; `folder` keeps what the simulated phones show. */
export interface DemoOptions {
  readonly port: number
  readonly folder: string
  /** The product's, which the page puts forward. */
  readonly clock: SandboxOptions['clock']
  readonly log: Logger
}

// Made anew at each start: they only have to agree within this process.
const createAccount = (): WechatAccount => ({
  name: '次元站',
  appId: `wx${secretOf(8)}`,
  appSecret: secretOf(16),
  originalId: `gh_${secretOf(6)}`,
  token: secretOf(12),
  encodingAesKey: createAesKey(),
  mode: 'safe',
  kind: 'service',
})

const traceLimit = 200

/** How the widget looks in the demo, and what visitors of the demo's brand ask. */
const widget = {
  name: { zh: '次元站客服', en: 'Ciyuan support' },
  quickReplies: [
    { zh: '大会员怎么退款', en: 'How do I get a refund?' },
    { zh: '视频审核要多久', en: 'How long does the review take?' },
    { zh: '账号被盗怎么办', en: 'My account was stolen' },
  ],
}

/** The simulated WeChat, going on where it was stopped. */
const startWechat = (account: WechatAccount, base: string, { folder, clock, log }: DemoOptions) => {
  const path = join(folder, 'sandbox-wechat.json')
  const file = openSnapshotFile({ path, shape: simulatorSnapshot, log })
  const wechat = createWechatSimulator({
    account,
    callbackUrl: () => `${base}/channels/${demoInboxes.wechat}/callback`,
    apiUrl: () => `${base}/sandbox/wechat`,
    clock,
    users: demoUsers,
    saved: file.saved,
  })
  wechat.onEvent(() => file.changed(() => wechat.snapshot()))
  return {
    wechat,
    stop: () => {
      wechat.close()
      file.close()
    },
  }
}

/** Makes the demo for a server on a port of this machine; its providers answer once this resolves. */
export const openDemo = async (options: DemoOptions): Promise<Demo> => {
  const { port } = options
  const base = `http://127.0.0.1:${String(port)}`
  const account = createAccount()
  const { wechat, stop } = startWechat(account, base, options)
  const { clock, folder, log } = options
  const { clients, missing, stop: stopClients } = await openDemoClients({ base, clock, folder, log })
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
      { inboxId: demoInboxes.web, channel: 'web', section: { publicUrl: base, origins, widget } },
      ...clients.map(({ inbox }) => inbox),
    ],
    mount: (app, { contactTrace, signInUrl, demoData, helpUrl }) => {
      const sandbox = createSandbox({
        simulators: { wechat },
        clients: clients.map(({ simulator }) => simulator),
        missing,
        inboxes: {
          ...demoInboxes,
          ...Object.fromEntries(clients.map(({ inbox: { channel, inboxId } }) => [channel, inboxId])),
        },
        clock,
        trace: (inboxId, contactKey) => contactTrace.latest({ inboxId, contactKey, limit: traceLimit }),
        ticketsOf: (inboxId, contactKey) => contactTrace.tickets({ inboxId, contactKey }),
        webChatUrl: `/channels/${demoInboxes.web}/page`,
        deskUrl: '/desk',
        beside: { url: '/desk/app', api: '/api/desk' },
        ...(helpUrl !== undefined && { helpUrl }),
        signInUrl,
        demoData,
      })
      close = () => sandbox.close()
      app.route('/sandbox/wechat', wechat.api)
      // Apart from the page's own addresses: one channel is called api, as they are.
      for (const { simulator } of clients) app.route(`/sandbox/providers/${simulator.channel}`, simulator.api)
      app.route('/sandbox', sandbox.app)
    },
    stop: async () => {
      close()
      stop()
      await stopClients()
    },
  }
}
