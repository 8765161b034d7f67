import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import { toInbound, toInboundFile, toOpened } from './decode.ts'
import type { ContentFault, VisitorMessage } from './decode.ts'
import type { ClientError } from './encode.ts'
import type { Limits } from './limits.ts'
import type { Threads } from './threads.ts'

/** What became of a visitor's message. */
export type IntakeResult =
  | { readonly kind: 'accepted'; readonly clientMsgId: string; readonly seq: number }
  | { readonly kind: 'refused'; readonly error: ClientError }

/** The way of a visitor's words into the router, the same for every transport. */
export interface Intake {
  /** Stores a message; the same `clientMsgId` gives the first one's result. Never throws. */
  say(visitor: string, message: VisitorMessage): Promise<IntakeResult>
  /** The same for a file; `store` is asked for its part once the limits let it through. */
  give(visitor: string, clientMsgId: string, store: () => Promise<Part>): Promise<IntakeResult>
  /** Stores that a visitor with an empty log opened the chat. Never throws: a greeting is not worth a failure. */
  open(visitor: string): Promise<void>
}

/** Limits, decodes, accepts, and tells the visitor's other tabs. */
export const createIntake = (host: ChannelHost, limits: Limits, threads: Threads): Intake => {
  const sender = (visitor: string) => ({ inboxId: host.inboxId, visitor, at: host.clock.now() })
  const explain = (error: unknown): ClientError => {
    const code = error instanceof ChannelError || error instanceof TongdaError ? error.code : 'unknown'
    if (code === 'bad_input' || code === 'forbidden') return { code: 'refused', retryable: false }
    host.log.warn({ code, error }, 'web message was not stored')
    return { code: 'unavailable', retryable: true }
  }
  const refuse = (clientMsgId: string, error: ClientError): IntakeResult => ({
    kind: 'refused',
    error: { ...error, clientMsgId },
  })
  const take = async (
    visitor: string,
    clientMsgId: string,
    make: () => InboundMessage | ContentFault | Promise<InboundMessage>,
  ): Promise<IntakeResult> => {
    const retryAfterMs = await limits.message(visitor)
    if (retryAfterMs !== undefined)
      return refuse(clientMsgId, { code: 'rate_limited', retryable: true, retryAfterMs })
    try {
      const inbound = await make()
      if (typeof inbound === 'string') return refuse(clientMsgId, { code: inbound, retryable: false })
      const { seq } = await host.accept(inbound)
      threads.publish({ threadKey: visitor, seq })
      return { kind: 'accepted', clientMsgId, seq }
    } catch (error) {
      return refuse(clientMsgId, explain(error))
    }
  }
  return {
    say: (visitor, message) => take(visitor, message.clientMsgId, () => toInbound(sender(visitor), message)),
    give: (visitor, clientMsgId, store) =>
      take(visitor, clientMsgId, async () => toInboundFile(sender(visitor), clientMsgId, await store())),
    async open(visitor) {
      try {
        await host.accept(toOpened(sender(visitor)))
      } catch (error) {
        explain(error)
      }
    },
  }
}
