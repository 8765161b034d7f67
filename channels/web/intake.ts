import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import { toIdentified, toInbound, toInboundFile, toOpened, toVote } from './decode.ts'
import type { ContentFault, Sender, VisitorMessage, Vote } from './decode.ts'
import { sourceOf } from './encode.ts'
import type { History } from './history.ts'
import type { Limits } from './limits.ts'
import type { ClientError } from './protocol.ts'
import type { Threads } from './threads.ts'
import type { VisitorSession } from './verify.ts'

/** What became of a visitor's message. */
export type IntakeResult =
  | { readonly kind: 'accepted'; readonly clientMsgId: string; readonly seq: number }
  | { readonly kind: 'refused'; readonly error: ClientError }

/** Whose words they are. */
export type Speaker = Pick<VisitorSession, 'visitor' | 'customer'>

/** The way of a visitor's words into the router, the same for every transport. */
export interface Intake {
  /** Stores a message; the same `clientMsgId` gives the first one's result. Never throws. */
  say(speaker: Speaker, message: VisitorMessage): Promise<IntakeResult>
  /** The same for a file; `store` is asked for its part once the limits let it through. */
  give(speaker: Speaker, clientMsgId: string, store: () => Promise<Part>): Promise<IntakeResult>
  /** Stores that a visitor with an empty log opened the chat. Never throws: a greeting is not worth a failure. */
  open(speaker: Speaker): Promise<void>
  /** Stores in a stranger's log which customer they are. */
  tellOwner(speaker: Speaker): Promise<void>
}

export interface IntakeDeps {
  readonly host: ChannelHost
  readonly limits: Limits
  readonly threads: Threads
  readonly history: History
  /** Customers are known by their ids within it. */
  readonly realm: string
}

const createSender =
  ({ host, realm }: IntakeDeps) =>
  ({ visitor, customer }: Speaker): Sender => ({
    inboxId: host.inboxId,
    visitor,
    at: host.clock.now(),
    ...(customer && { unionKey: `web:${realm}:${customer.id}` }),
    ...(customer?.name !== undefined && { name: customer.name }),
  })

/** The message is stored: how its writer is ranked must not fail it. */
const rank = async (host: ChannelHost, { visitor, customer }: Speaker): Promise<void> => {
  if (customer?.tier === undefined) return
  try {
    await host.rank(visitor, customer.tier)
  } catch (error) {
    host.log.warn({ error }, 'a customer could not be ranked')
  }
}

/** Limits, decodes, accepts, and tells the visitor's other tabs. */
export const createIntake = (deps: IntakeDeps): Intake => {
  const { host, limits, threads, history } = deps
  const sender = createSender(deps)
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
    speaker: Speaker,
    clientMsgId: string,
    make: () => InboundMessage | ContentFault | Promise<InboundMessage | ContentFault>,
  ): Promise<IntakeResult> => {
    const retryAfterMs = await limits.message(speaker.visitor)
    if (retryAfterMs !== undefined)
      return refuse(clientMsgId, { code: 'rate_limited', retryable: true, retryAfterMs })
    try {
      const inbound = await make()
      if (typeof inbound === 'string') return refuse(clientMsgId, { code: inbound, retryable: false })
      const { seq } = await host.accept(inbound)
      threads.publish({ threadKey: speaker.visitor, seq })
      await rank(host, speaker)
      return { kind: 'accepted', clientMsgId, seq }
    } catch (error) {
      return refuse(clientMsgId, explain(error))
    }
  }
  const vote = async (speaker: Speaker, said: Vote): Promise<InboundMessage | ContentFault> => {
    const answer = await history.at(speaker.visitor, said.seq)
    if (answer === undefined || sourceOf(answer) === undefined) return 'not_found'
    const later = await history.after(speaker.visitor, said.seq)
    return toVote(sender(speaker), said, !later.some(({ direction }) => direction === 'in'))
  }
  return {
    say: (speaker, { content, ...message }) =>
      take(speaker, message.clientMsgId, () =>
        'vote' in content ? vote(speaker, content.vote) : toInbound(sender(speaker), { ...message, content }),
      ),
    give: (speaker, clientMsgId, store) =>
      take(speaker, clientMsgId, async () => toInboundFile(sender(speaker), clientMsgId, await store())),
    async open(speaker) {
      try {
        await host.accept(toOpened(sender(speaker)))
      } catch (error) {
        explain(error)
      }
    },
    async tellOwner(speaker) {
      await host.accept(toIdentified(sender(speaker)))
    },
  }
}
