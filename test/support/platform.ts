import { createWechatSimulator, type WechatAccount, type WechatSimulator } from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { serveApi } from './serve-api.ts'

const account: WechatAccount = {
  name: '次元站',
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'secretOfTheTestAccount0000000001',
  originalId: 'gh_0123456789ab',
  token: 'tokenOfTheTest01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  mode: 'safe',
  kind: 'service',
}

/** One contact who follows the account. */
export const follower = 'oFollower000000000000000001'

/** A simulated WeChat whose API is served on loopback. */
export interface Platform {
  readonly simulator: WechatSimulator
  /** An inbox's section for it. */
  readonly section: Readonly<Record<string, unknown>>
  close(): void
}

/** Serves a platform for one account; `callbackUrl` is where it pushes to. */
export const startPlatform = async (
  changes: Partial<WechatAccount> = {},
  callbackUrl = () => 'http://127.0.0.1:1/callback',
): Promise<Platform> => {
  let apiBase = ''
  const whole = { ...account, ...changes }
  const simulator = createWechatSimulator({
    account: whole,
    callbackUrl,
    apiUrl: () => apiBase,
    clock: systemClock,
    users: [{ openid: follower, name: '阿白' }],
    timing: { retryDelayMs: 50 },
  })
  const api = await serveApi((request) => simulator.api.fetch(request))
  apiBase = api.url
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = whole
  return {
    simulator,
    section: { appId, appSecret, originalId, token, encodingAesKey, mode, apiBase },
    close: () => {
      simulator.close()
      api.stop()
    },
  }
}
