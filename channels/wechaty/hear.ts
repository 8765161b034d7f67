/** What each event of the bridge leads to. */
import { join } from 'node:path'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Client } from './client.ts'
import type { WechatyConfig } from './manifest.ts'
import type { Receiver } from './receive.ts'
import type { BridgeEvent } from './verify.ts'

/**
 * `elsewhere`: no bridge of this node has the account; `starting`: it comes up and may sign in by itself; `signed-out`: only a
 * person can sign in.
 */
export interface Session {
  state: 'elsewhere' | 'starting' | 'signed-in' | 'signed-out'
}

export interface HearDeps {
  readonly config: WechatyConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'log' | 'report'>
  readonly session: Session
  readonly client: Client
  readonly receiver: Receiver
}

const lostHint = 'scan the next code to sign in again'

/** Until somebody is signed in, the inbox can do nothing. */
const signedOut = (reason: string) => ({ state: 'failing', reason }) as const

/** Hears one event after the other. */
export const createHear = ({ config, host, session, client, receiver }: HearDeps) => {
  const { log, inboxId, report } = host
  const showCode = (scan: string, name: string): void => {
    const file = join(config.stateDir, inboxId, name)
    log.warn({ scan, file }, 'scan this code with the account’s WeChat to sign in')
    report(
      signedOut(
        `尚未登录：用这个账号的微信扫 ${file} 里的二维码 / nobody is signed in; scan the code in ${file} with the account’s WeChat`,
      ),
    )
  }
  return (event: BridgeEvent): void => {
    // From a bridge that is ending: what was said to it counts, how it takes its leave does not.
    if (session.state === 'elsewhere' && event.t !== 'message' && event.t !== 'done') return
    switch (event.t) {
      case 'started':
        log.info({}, 'wechaty is running')
        return
      case 'scan':
        session.state = 'signed-out'
        showCode(event.qrcode, event.file)
        return
      case 'login':
        session.state = 'signed-in'
        log.info({}, 'wechat account signed in')
        report({ state: 'running' })
        return
      case 'logout':
        session.state = 'signed-out'
        log.error({ code: 'needs_operator', hint: lostHint }, 'wechat account signed out')
        report(
          signedOut(
            '账号已退出登录：请扫下一个二维码重新登录 / the account was signed out; scan the next code to sign in again',
          ),
        )
        return
      case 'message':
        receiver.take(event.message)
        return
      case 'done':
        client.settle(event)
        return
      case 'fault':
        log.warn({ code: event.name }, 'wechaty reports a fault')
        return
      default:
        event satisfies never
    }
  }
}
