import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'
import { createWechatSimulator } from '../../../sandbox/wechat/index.ts'
import type { WechatAccount, WechatSimulator, WechatSimulatorOptions } from '../../../sandbox/wechat/index.ts'
import { startFakeBot } from './fake-bot.ts'
import type { FakeBot } from './fake-bot.ts'

export const bai = { openid: 'oBai0000000000000000000000001', name: '阿白' }

export const testAccount: WechatAccount = {
  name: '通答演示',
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'app-secret-of-the-tests',
  originalId: 'gh_0123456789ab',
  token: 'sheetToken01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  mode: 'safe',
  kind: 'service',
}

export interface Stage {
  readonly bot: FakeBot
  readonly simulator: WechatSimulator
  readonly clock: MovableClock
  readonly account: WechatAccount
  close(): Promise<void>
}

/** A simulator that pushes to a fake bot over loopback HTTP, patient with a busy machine unless told otherwise. */
export const setStage = async (
  account: Partial<WechatAccount> = {},
  options: Partial<WechatSimulatorOptions> = {},
): Promise<Stage> => {
  const fixed = new Date('2026-11-23T04:00:00.500Z')
  const clock = createMovableClock({ now: () => fixed })
  const whole = { ...testAccount, ...account }
  const bot = await startFakeBot(whole)
  const simulator = createWechatSimulator({
    account: whole,
    callbackUrl: () => bot.url,
    apiUrl: () => 'http://api.test',
    clock,
    users: [bai, { openid: 'oLu00000000000000000000000002', name: '鹿目' }],
    ...options,
    timing: { attemptTimeoutMs: 60_000, retryDelayMs: 1, ...options.timing },
  })
  return {
    bot,
    simulator,
    clock,
    account: whole,
    close: async () => {
      simulator.close()
      await bot.close()
    },
  }
}
