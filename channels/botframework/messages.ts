/** The messaging endpoint: verify, decode, accept; invokes are answered in the response. */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import type { InboundMedia } from '../kit/index.ts'
import { answerRefusal, plainText, Refusal } from '../kit/index.ts'
import { decode } from './decode.ts'
import type { VerifyDeps } from './verify.ts'
import { verifyActivity } from './verify.ts'

export interface ReceiverDeps extends VerifyDeps {
  readonly host: ChannelHost
  readonly media: InboundMedia
  /** Hears of each stored message, to know where its contact can be reached. */
  readonly onStored: (message: InboundMessage) => Promise<void>
}

/** Invokes that only tell something; all others ask for what we do not offer. */
const acknowledged: ReadonlySet<string> = new Set(['message/submitAction', 'message/fetchTask'])

const answerInvoke = (name: string): Response =>
  acknowledged.has(name)
    ? new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } })
    : plainText(501, 'not implemented')

/** Receives activities: stored first, then acknowledged; answers go by the connector. */
export const createReceiver = (deps: ReceiverDeps) => {
  const { host, media, onStored } = deps
  const receive = async (request: Request): Promise<Response> => {
    const activity = await verifyActivity(deps, request)
    const decoded = decode(activity, {
      inboxId: host.inboxId,
      appId: deps.config.appId,
      receivedAt: host.clock.now(),
    })
    switch (decoded.kind) {
      case 'invoke':
        return answerInvoke(decoded.name)
      case 'ignored':
        host.log.debug({ reason: decoded.reason }, 'activity ignored')
        return plainText(200, '')
      case 'message': {
        const { parts, attachLater } = await media.fetch(decoded.message.parts)
        const { messageId } = await host.accept({ ...decoded.message, parts })
        attachLater(messageId)
        await onStored(decoded.message)
        return plainText(200, '')
      }
      default:
        return decoded satisfies never
    }
  }
  return async (request: Request): Promise<Response> => {
    try {
      return await receive(request)
    } catch (error) {
      if (error instanceof Refusal) return answerRefusal(error, host.log)
      // Not stored, so not acknowledged: the channel will come again.
      const name = error instanceof Error ? error.name : 'unknown'
      host.log.error({ code: 'not_accepted', error: name }, 'activity not stored')
      return plainText(503, 'try again')
    }
  }
}
