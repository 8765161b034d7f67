import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelHealth, ChannelHost } from '../../src/core/channel.ts'
import { createBridgeProcess } from './bridge-process.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { comingUp, createClient, notSignedIn } from './client.ts'
import { roomOf } from './decode.ts'
import { encode } from './encode.ts'
import { createHear } from './hear.ts'
import type { Session } from './hear.ts'
import type { WechatyConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createReceiver } from './receive.ts'

const betweenTriesMs = 1_000
/** One answer of Redis that comes late is no absence; who holds the account counts on it for as many seconds, too. */
const doubtfulTries = 10

const comesUp: ChannelHealth = {
  state: 'failing',
  reason:
    '尚未登录：稍等一分钟，再到日志里找要扫的二维码 / nobody is signed in yet; wait a minute, then look for the code to scan in the log',
}
const nobodyKnows: ChannelHealth = {
  state: 'failing',
  reason:
    'Redis 不可用：不知道账号归哪个节点，谁都不登录；Redis 恢复后自动继续 / Redis is away: no node signs in while none knows whose the account is; it goes on by itself once Redis is back',
}

/** Runs the bridge whenever no other node has the account, until stopped: two that are signed in throw each other out. */
const keepAccount = async (
  { inboxId, locks, log, report }: ChannelHost,
  { bridge, session }: { readonly bridge: BridgeProcess; readonly session: Session },
  stopped: AbortSignal,
): Promise<void> => {
  const hold = async (over: AbortSignal): Promise<void> => {
    session.state = 'starting'
    log.warn(
      { hint: 'docs/channels/wechaty.md' },
      'personal WeChat by Wechaty breaks WeChat’s terms; the account may be closed',
    )
    bridge.start()
    report(comesUp)
    if (!over.aborted) await once(over, 'abort')
    session.state = 'elsewhere'
    await bridge.stop()
    log.info({}, 'wechaty bridge stopped; the node that gets the account starts one')
  }
  let doubtful = 0
  while (!stopped.aborted) {
    const outcome = await locks.holdAlone(`wechaty:${inboxId}`, stopped, hold)
    if (outcome === 'taken') report({ state: 'running' })
    doubtful = outcome === 'unknown' ? doubtful + 1 : 0
    if (doubtful >= doubtfulTries) report(nobodyKnows)
    await sleep(betweenTriesMs, undefined, { signal: stopped }).catch(() => undefined)
  }
}

/** One personal account. */
export const createWechaty = (config: WechatyConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const { log, inboxId, report, clock } = host
  const session: Session = { state: 'elsewhere' }
  const onEnd = (againInMs: number | undefined): void => {
    client.abandon()
    if (againInMs === undefined) return
    session.state = 'starting'
    const reason =
      '桥接进程退出了，正在重启；若反复如此，设 debug: true 并看它的输出 / the bridge ended and is started again; if that repeats, set debug: true and read what it prints'
    report({ state: 'failing', reason, nextTryAt: new Date(clock.now().getTime() + againInMs) })
  }
  const bridge = createBridgeProcess({ inboxId, config, log, onEvent: (event) => hear(event), onEnd })
  const client = createClient(bridge, config.sendTimeoutMs)
  const receiver = createReceiver({ config, host, stopped: stopping.signal })
  const hear = createHear({ config, host, session, client, receiver })
  let keeping: Promise<void> = Promise.resolve()
  return {
    capabilities: capabilitiesOf(config),
    routes: [],
    sockets: [],
    deliver: async (message) => {
      const saying = await encode(message, host.media)
      if (session.state === 'elsewhere' || session.state === 'starting') throw comingUp()
      if (session.state === 'signed-out') throw notSignedIn()
      return client.say(message.id, saying)
    },
    showTyping: () => Promise.resolve(),
    isShared: ({ contactKey, threadKey }) => roomOf(contactKey, threadKey) !== undefined,
    sendsHere: () => session.state !== 'elsewhere',
    start: async () => {
      if (!host.attends) return
      await bridge.prepare()
      keeping = keepAccount(host, { bridge, session }, stopping.signal)
    },
    stop: async () => {
      stopping.abort()
      await keeping
      await receiver.settled()
    },
  }
}
