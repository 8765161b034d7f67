import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createBridgeProcess } from './bridge-process.ts'
import { comingUp, createClient, notSignedIn } from './client.ts'
import { roomOf } from './decode.ts'
import { encode } from './encode.ts'
import { createHear } from './hear.ts'
import type { Session } from './hear.ts'
import type { WechatyConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createReceiver } from './receive.ts'

/** One running personal account. */
export const createWechaty = (config: WechatyConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const { log, inboxId, report, clock } = host
  const session: Session = { state: 'starting' }
  const onEnd = (againInMs: number): void => {
    session.state = 'starting'
    client.abandon()
    const reason =
      '桥接进程退出了，正在重启；若反复如此，设 debug: true 并看它的输出 / the bridge ended and is started again; if that repeats, set debug: true and read what it prints'
    report({ state: 'failing', reason, nextTryAt: new Date(clock.now().getTime() + againInMs) })
  }
  const bridge = createBridgeProcess({ inboxId, config, log, onEvent: (event) => hear(event), onEnd })
  const client = createClient(bridge, config.sendTimeoutMs)
  const receiver = createReceiver({ config, host, stopped: stopping.signal })
  const hear = createHear({ config, host, session, client, receiver })
  return {
    capabilities: capabilitiesOf(config),
    routes: [],
    sockets: [],
    deliver: async (message) => {
      const saying = await encode(message, host.media)
      if (session.state === 'starting') throw comingUp()
      if (session.state === 'signed-out') throw notSignedIn()
      return client.say(message.id, saying)
    },
    showTyping: () => Promise.resolve(),
    isShared: ({ contactKey, threadKey }) => roomOf(contactKey, threadKey) !== undefined,
    start: () => {
      if (!host.attends) return Promise.resolve()
      log.warn(
        { hint: 'docs/channels/wechaty.md' },
        'personal WeChat by Wechaty breaks WeChat’s terms; the account may be closed',
      )
      bridge.start()
      report({
        state: 'failing',
        reason:
          '尚未登录：稍等一分钟，再到日志里找要扫的二维码 / nobody is signed in yet; wait a minute, then look for the code to scan in the log',
      })
      return Promise.resolve()
    },
    stop: async () => {
      stopping.abort()
      await bridge.stop()
      await receiver.settled()
    },
  }
}
