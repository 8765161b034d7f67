/** Delivery: a welcome on its code, everything else as a message, where the session lets the API speak. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { DeliveryReceipt, OutboundMessage } from '../../src/core/message.ts'
import type { CallApi } from './client.ts'
import type { Content, Handle } from './encode.ts'
import { encode } from './encode.ts'
import type { Address } from './item.ts'
import { threadKeyOf } from './item.ts'
import type { WecomConfig } from './manifest.ts'
import { messageIdOf } from './send-fault.ts'
import { sendMessage, sendOnEvent } from './send-message.ts'
import type { Sessions } from './sessions.ts'
import type { Uploads } from './uploads.ts'
import type { Welcomes } from './welcomes.ts'

export interface DeliverDeps {
  readonly config: WecomConfig
  readonly host: Pick<ChannelHost, 'log'>
  readonly callApi: CallApi
  readonly uploads: Uploads
  readonly sessions: Sessions
  readonly welcomes: Welcomes
}

/** How an account speaks. */
export type Deliver = (message: OutboundMessage) => Promise<DeliveryReceipt>

const isRefused = (error: unknown, errcode: number): boolean =>
  error instanceof ChannelError && error.facts.providerCode === errcode

/** Worth the same code once more: nobody has looked at it. */
const mayRepeat = (error: unknown): boolean =>
  error instanceof ChannelError && (error.code === 'temporary' || error.code === 'rate_limited')

export const createDeliver = (deps: DeliverDeps): Deliver => {
  const { config, host, callApi, uploads, sessions, welcomes } = deps

  const addressOf = ({ accountKey, contactKey }: OutboundMessage): Address => ({
    openKfId: accountKey ?? config.openKfIds[0] ?? '',
    contactKey,
  })

  /** True when the message went out as the welcome. */
  const welcome = async (message: OutboundMessage, address: Address, content: Content): Promise<boolean> => {
    if (message.author === 'agent' || !['text', 'msgmenu'].includes(content.msgtype)) return false
    const threadKey = threadKeyOf(address)
    const right = await welcomes.take(threadKey)
    if (right === undefined) return false
    try {
      await sendOnEvent(callApi, right.code, content, messageIdOf(message.id))
      return true
    } catch (error) {
      if (mayRepeat(error)) {
        await welcomes.put(threadKey, right)
        throw error
      }
      host.log.warn({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'welcome code refused')
      return false
    }
  }

  const send = async (message: OutboundMessage, address: Address, content: Content): Promise<void> => {
    if (await welcome(message, address, content)) return
    await sessions.mayspeak(address)
    try {
      await sendMessage(callApi, address, messageIdOf(message.id), content)
    } catch (error) {
      throw isRefused(error, 95018) ? await sessions.refusal(address) : error
    }
  }

  const sendPart = async (message: OutboundMessage, address: Address): Promise<void> => {
    const handle: Handle | undefined = await uploads.handleFor(message.part)
    try {
      await send(message, address, encode(message.part, handle))
    } catch (error) {
      if (handle !== undefined && error instanceof ChannelError && error.code === 'media_expired')
        await uploads.forget(message.part, handle)
      throw error
    }
  }

  return async (message) => {
    const address = addressOf(message)
    try {
      await sendPart(message, address)
    } catch (error) {
      if (!(error instanceof ChannelError) || error.code !== 'media_expired') throw error
      // The forgotten handle makes the second try upload again.
      await sendPart(message, address)
    }
    if (message.ledByPerson === true && message.author === 'bot') sessions.handOverSoon(address)
    return { providerId: messageIdOf(message.id) }
  }
}
