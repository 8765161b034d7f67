import { rmSync } from 'node:fs'
import { expect } from 'vitest'
import {
  createWechatSimulator,
  type Utterance,
  type WechatAccount,
  type WechatSimulator,
} from '../../sandbox/index.ts'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import { silentLog, type Logger } from '../../src/core/log.ts'
import { createAgent, type TestAgent } from './agent.ts'
import { newDataFolder } from './data-folder.ts'
import { serveApi } from './serve-api.ts'

/** The simulated WeChat account. */
export const account: WechatAccount = {
  name: '次元站',
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'secretOfTheTestAccount0000000001',
  originalId: 'gh_0123456789ab',
  token: 'tokenOfTheTest01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  mode: 'safe',
  kind: 'service',
}

/** A contact on the simulated WeChat. */
export interface WechatContact {
  readonly openid: string
  says(text: string): Promise<void>
  does(utterance: Utterance): Promise<void>
  /** Waits until something matching stands on the contact's screen below what was heard before. */
  hears(expected: RegExp | string): Promise<string>
  /** Everything the contact was told so far. */
  heard(): readonly string[]
}

/** The whole product on a port of this machine, with a simulated WeChat platform beside it. */
export interface Product {
  readonly app: App
  readonly clock: MovableClock
  readonly wechat: WechatSimulator
  contact(openid?: string): WechatContact
  agent(): Promise<TestAgent>
  /** Ends it and starts it again on the same data, with which something may be done meanwhile. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  dispose(): Promise<void>
}

const shownText = (entry: ReturnType<WechatSimulator['transcript']>[number]): readonly string[] => {
  const { source, content } = entry
  if (source !== 'passive' && source !== 'api' && source !== 'platform') return []
  if (content.kind === 'text' || content.kind === 'notice') return [content.text]
  if (content.kind === 'menu')
    return [[content.head, ...content.entries.map(({ label }) => label), content.tail].join('\n')]
  return []
}

/** Somebody who talks to a simulated account. */
export const createWechatContact = (simulator: WechatSimulator, openid: string): WechatContact => {
  let seen = 0
  const heard = (): readonly string[] => simulator.transcript(openid).flatMap(shownText)
  const does = async (utterance: Utterance): Promise<void> => {
    const { state } = await simulator.push(openid, utterance)
    expect(state).not.toBe('failed')
  }
  return {
    openid,
    does,
    says: (text) => does({ kind: 'text', text }),
    heard,
    hears: async (expected) => {
      const place = (): number =>
        heard().findIndex(
          (text, at) =>
            at >= seen && (typeof expected === 'string' ? text.includes(expected) : expected.test(text)),
        )
      await expect.poll(place, { message: `waiting for ${String(expected)}` }).toBeGreaterThanOrEqual(0)
      const at = place()
      seen = at + 1
      return heard()[at] ?? ''
    },
  }
}

/** Starts a product with one WeChat inbox, one web inbox and `furtherInboxes`, on a free port or on `port`. */
export const startProduct = async (
  {
    furtherInboxes = {},
    port: wanted,
    ...changes
  }: Record<string, unknown> & { furtherInboxes?: object; port?: number } = {},
  log: Logger = silentLog,
): Promise<Product> => {
  const folder = newDataFolder('product')
  const [port, apiPort] = [wanted ?? (await freePort()), await freePort()]
  const apiBase = `http://127.0.0.1:${String(apiPort)}`
  const clock = createMovableClock()
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
  const credentials = { appId, appSecret, originalId, token, encodingAesKey, mode }
  const parsed = parseConfig({
    dataDir: folder,
    server: { port },
    router: { settleMs: 0 },
    tickets: { undoSeconds: 0 },
    // What these tests ask is decided by words; starting it each time costs more than the rest of the start.
    encoder: { model: 'none' },
    inboxes: {
      wechat: { channel: 'wechat', ...credentials, apiBase, sendsPerSecond: 1_000 },
      web: { channel: 'web' },
      ...furtherInboxes,
    },
    ...changes,
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const start = (): Promise<App> => startApp({ config: parsed.config, clock, log })
  const wechat = createWechatSimulator({
    account,
    callbackUrl: () => `http://127.0.0.1:${String(port)}/channels/wechat/callback`,
    apiUrl: () => apiBase,
    clock,
    timing: { retryDelayMs: 50 },
  })
  const api = await serveApi((request) => wechat.api.fetch(request), apiPort)
  let app = await start()
  let agent: Promise<TestAgent> | undefined
  let contacts = 0
  return {
    get app() {
      return app
    },
    clock,
    wechat,
    contact: (openid = `oContact${String((contacts += 1)).padStart(4, '0')}`) => {
      wechat.addUser({ openid, name: openid })
      return createWechatContact(wechat, openid)
    },
    agent: () => (agent ??= createAgent(app.url, app.signInUrl ?? '')),
    restart: async (meanwhile) => {
      await app.stop()
      await meanwhile?.()
      app = await start()
      agent = undefined
    },
    dispose: async () => {
      await app.stop()
      wechat.close()
      api.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
