/**
 * The callback address: set-up check and pushes. Verify, decode, accept, then answer within the request.
 * Source: developers.weixin.qq.com 消息推送, 接收普通消息 (5 s, three attempts), 被动回复用户消息.
 */
import type { ChannelHost, Exchange } from '../../src/core/channel.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import type { InboundMedia } from '../kit/index.ts'
import { answerPush, plainText } from '../kit/index.ts'
import { decode } from './decode.ts'
import type { WechatConfig } from './manifest.ts'
import { isPassiveOnly } from './manifest.ts'
import type { ReplyWriter } from './passive-reply.ts'
import { createPickUp } from './pick-up.ts'
import type { VerifiedPush } from './verify.ts'
import { verifyPush, verifySetup } from './verify.ts'

export interface CallbackDeps {
  readonly config: WechatConfig
  readonly host: ChannelHost
  readonly media: InboundMedia
  readonly writeReply: ReplyWriter
}

/** WeChat drops the connection after 5 s and calls again, three times in all. */
const platformWaitMs = 5_000
const attempts = 3
const lastMomentMs = 4_800

/** What `work` resolves to, or undefined when that takes longer than `ms`. */
const within = <Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), Math.max(0, ms))
    void work.then(resolve, reject).finally(() => clearTimeout(timer))
  })

/** "Received, no answer": never encrypted, in any mode. */
const received = (): Response => plainText(200, 'success')

/** Answers the set-up request with exactly what it asks for. */
export const createSetupCheck =
  ({ config, host }: Pick<CallbackDeps, 'config' | 'host'>) =>
  (request: Request): Promise<Response> =>
    answerPush(host.log, () => {
      const echo = verifySetup(config, new URL(request.url).searchParams, host.clock.now())
      return Promise.resolve(plainText(200, echo))
    })

/** Milliseconds in which an answer may ride on this message's requests, all its attempts together. */
const passiveBudgetOf = (config: WechatConfig): number =>
  isPassiveOnly(config) && config.passiveBudgetMs > 0
    ? (attempts - 1) * platformWaitMs + config.passiveBudgetMs
    : config.passiveBudgetMs

interface Wait {
  readonly budgetMs: number
  /** True when WeChat will not ask again and no API can send an answer later. */
  readonly last: boolean
}

/**
 * How long this request may wait. Where no API can send an answer later, the first two attempts are held until WeChat
 * gives up and calls again; the last one must be answered.
 */
const createWait = ({ config, host }: Pick<CallbackDeps, 'config' | 'host'>) => {
  const attemptOf = async (message: InboundMessage): Promise<number> => {
    for (let attempt = 1; attempt < attempts; attempt += 1) {
      const key = `wechat:attempt:${host.inboxId}:${message.dedupKey}:${attempt}`
      if (await host.cache.add(key, '1', attempts * platformWaitMs * 2)) return attempt
    }
    return attempts
  }
  return async (message: InboundMessage, elapsedMs: number): Promise<Wait> => {
    if (message.passiveBudgetMs === 0) return { budgetMs: 0, last: false }
    const last = isPassiveOnly(config) && (await attemptOf(message)) === attempts
    const holds = isPassiveOnly(config) && !last
    return {
      budgetMs: Math.max(0, (holds ? platformWaitMs + 500 : config.passiveBudgetMs) - elapsedMs),
      last,
    }
  }
}

/** Receives a push: stored first, then acknowledged, with the answer when it is ready in time. */
export const createReceiver = (deps: CallbackDeps) => {
  const { config, host, media, writeReply } = deps
  const waitFor = createWait(deps)
  const pickUp = createPickUp(deps)

  const answer = async (
    exchange: Exchange,
    { push, message, messageId }: { push: VerifiedPush; message: InboundMessage; messageId: string },
    startedAt: number,
  ): Promise<Response> => {
    const { budgetMs, last } = await waitFor(message, performance.now() - startedAt)
    const reply = budgetMs > 0 ? await host.awaitReply(messageId, budgetMs) : undefined
    if (reply === undefined)
      return budgetMs > 0 && (last || !message.wantsReply) ? pickUp.ask(push, message) : received()
    const spentMs = performance.now() - startedAt
    const response = await within(lastMomentMs - spentMs, writeReply(push, message, reply.message))
    // Not written in time (a file had to be uploaded): unconfirmed, it goes by API.
    if (response === undefined) return received()
    exchange.onFinished((delivered) => {
      if (delivered)
        reply
          .confirm()
          .catch(() => host.log.error({ messageId, code: 'confirm_failed' }, 'reply not confirmed'))
    })
    return response
  }

  const receive = async (request: Request, exchange: Exchange): Promise<Response> => {
    const startedAt = performance.now()
    const push = await verifyPush(deps, request)
    const context = { inboxId: host.inboxId, passiveBudgetMs: passiveBudgetOf(config) }
    const decoded = decode(push.fields, context)
    const { parts, attachLater } = await media.fetch(decoded.parts)
    const message = await pickUp.recognise({ ...decoded, parts })
    const { messageId } = await host.accept(message)
    attachLater(messageId)
    // From here on the message is safe: whatever fails, WeChat must not show an error to the contact.
    return answer(exchange, { push, message, messageId }, startedAt).catch((error: unknown) => {
      const code = error instanceof Error ? error.name : 'unknown'
      host.log.warn({ messageId, code }, 'no passive reply')
      return received()
    })
  }

  return (request: Request, exchange: Exchange): Promise<Response> =>
    answerPush(host.log, () => receive(request, exchange))
}
