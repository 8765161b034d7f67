/**
 * The callback address: set-up check and pushes. Verify, decode, accept, then answer within the request.
 * Source: open.weibo.com 消息推送服务 (5 s, three attempts), 发送被动响应消息.
 */
import type { ChannelHost, Exchange } from '../../src/core/channel.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import { answerPush, plainText } from '../kit/index.ts'
import type { InboundMedia } from '../kit/index.ts'
import { decode } from './decode.ts'
import { encode, encodeReply } from './encode.ts'
import type { WeiboConfig } from './manifest.ts'
import type { Nicknames } from './nicknames.ts'
import { verifyPush, verifySetup } from './verify.ts'

export interface CallbackDeps {
  readonly config: WeiboConfig
  readonly host: ChannelHost
  readonly media: InboundMedia
  readonly nicknames: Nicknames
  /** Gives the first mention of a contact the right to an answer. */
  readonly grantMention: (message: InboundMessage) => Promise<InboundMessage>
  /** Looks a contact's picture up, when it is time; returns at once. */
  readonly lookAtPicture: (uid: string) => void
}

/** "Received, no answer". */
const received = (): Response => plainText(200, '')

/** Answers the set-up request with exactly what it asks for. */
export const createSetupCheck =
  ({ config, host }: Pick<CallbackDeps, 'config' | 'host'>) =>
  (request: Request): Promise<Response> =>
    answerPush(host.log, () => {
      const echo = verifySetup(config, new URL(request.url).searchParams, host.clock.now())
      return Promise.resolve(plainText(200, echo))
    })

/** An accepted message on its request. */
interface OpenRequest {
  readonly exchange: Exchange
  readonly message: InboundMessage
  readonly messageId: string
  readonly startedAt: number
}

const createAnswer =
  ({ config, host }: Pick<CallbackDeps, 'config' | 'host'>) =>
  async ({ exchange, message, messageId, startedAt }: OpenRequest): Promise<Response> => {
    const budgetMs = message.passiveBudgetMs - (performance.now() - startedAt)
    const reply = budgetMs > 0 ? await host.awaitReply(messageId, budgetMs) : undefined
    if (reply === undefined) return received()
    const { contactKey, accountKey = config.uid } = message
    const body = encodeReply(encode(reply.message.part, config), { contactKey, accountKey })
    exchange.onFinished((delivered) => {
      if (delivered)
        reply
          .confirm()
          .catch(() => host.log.error({ messageId, code: 'confirm_failed' }, 'reply not confirmed'))
    })
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    return new Response(body, { status: 200, headers })
  }

/** Receives a push: stored first, then acknowledged, with the answer when it is ready in time. */
export const createReceiver = (deps: CallbackDeps) => {
  const { config, host, media, nicknames, grantMention, lookAtPicture } = deps
  const { uid, passiveBudgetMs } = config
  const answer = createAnswer(deps)

  /** The message with what else there is to know of it. */
  const complete = async (message: InboundMessage) => {
    const [{ parts, attachLater }, displayName] = await Promise.all([
      media.fetch(message.parts),
      nicknames.find(message.contactKey),
    ])
    const named = displayName === undefined ? {} : { displayName }
    return { message: { ...message, parts, ...named }, attachLater }
  }

  const receive = async (request: Request, exchange: Exchange): Promise<Response> => {
    const startedAt = performance.now()
    const push = await verifyPush(deps, request)
    const decoded = decode(push, { inboxId: host.inboxId, uid, passiveBudgetMs })
    if (decoded.kind === 'echo') return received()
    const granted = decoded.isMention ? await grantMention(decoded.message) : decoded.message
    const { message, attachLater } = await complete(granted)
    const { messageId } = await host.accept(message)
    attachLater(messageId)
    lookAtPicture(message.contactKey)
    // From here on the message is safe: whatever fails, it goes by API.
    return answer({ exchange, message, messageId, startedAt }).catch((error: unknown) => {
      const code = error instanceof Error ? error.name : 'unknown'
      host.log.warn({ messageId, code }, 'no passive reply')
      return received()
    })
  }

  return (request: Request, exchange: Exchange): Promise<Response> =>
    answerPush(host.log, () => receive(request, exchange))
}
