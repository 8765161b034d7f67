/**
 * The callback address: set-up check and pushes. A push holds no message; it says that there is something to fetch.
 * Source: developer.work.weixin.qq.com 回调配置, 接收消息和事件 (94670): 5 s, three attempts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { answerPush, plainText, textField } from '../kit/index.ts'
import type { Drainer } from './drainer.ts'
import type { WecomConfig } from './manifest.ts'
import { verifyPush, verifySetup } from './verify.ts'

export interface CallbackDeps {
  readonly config: WecomConfig
  readonly host: ChannelHost
  readonly drainer: Drainer
}

/** WeCom ends the request after 5 s. What takes longer is read on, and the next look finds what fails meanwhile. */
const waitMs = 4_000

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

/** Answers the set-up request with the decrypted echostr. */
export const createSetupCheck =
  ({ config, host }: Pick<CallbackDeps, 'config' | 'host'>) =>
  (request: Request): Promise<Response> =>
    answerPush(host.log, () => Promise.resolve(plainText(200, verifySetup({ config, host }, request))))

/** Receives a push: fetches what it speaks of, then acknowledges. */
export const createReceiver = ({ config, host, drainer }: CallbackDeps) => {
  const drainInTime = async (openKfId: string): Promise<void> => {
    const timer = new AbortController()
    const timeUp = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
    const draining = drainer.drain(openKfId)
    const late = timeUp.then(() => 'late' as const)
    const outcome = await Promise.race([draining, late]).finally(() => timer.abort())
    // Acknowledged by then: whoever looks next finds what could not be stored.
    if (outcome === 'late')
      draining.catch((error: unknown) => host.log.warn({ code: codeOf(error) }, 'messages not fetched yet'))
  }

  const receive = async (request: Request): Promise<Response> => {
    const fields = await verifyPush({ config, host }, request)
    const event = textField(fields, 'Event')
    const openKfId = textField(fields, 'OpenKfId')
    if (event === 'kf_msg_or_event' && openKfId !== undefined && config.openKfIds.includes(openKfId)) {
      const token = textField(fields, 'Token')
      if (token !== undefined && token.length <= 128 && /^\S+$/.test(token))
        await drainer.keepToken(openKfId, token)
      await drainInTime(openKfId)
    } else host.log.info({ event: event?.slice(0, 64), known: false }, 'wecom push of no concern')
    return plainText(200, 'success')
  }

  return (request: Request): Promise<Response> => answerPush(host.log, () => receive(request))
}
