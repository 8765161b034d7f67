/** Delivery through the API: encode, upload, send, and the few refusals that a second try here can cure. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { DeliveryReceipt, OutboundMessage } from '../../src/core/message.ts'
import type { CallApi } from './client.ts'
import { encodeSend } from './encode.ts'
import type { ChoiceStyle } from './encode.ts'
import { sendMessage } from './send-message.ts'
import { sendTyping, typingMs } from './send-typing.ts'
import type { Uploads } from './uploads.ts'

export interface DeliverDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'log'>
  readonly callApi: CallApi
  readonly uploads: Uploads
  /** Whether the account is configured to have native menus. */
  readonly menus: boolean
}

/** How an official account speaks through the API. */
export interface Delivery {
  readonly deliver: (message: OutboundMessage) => Promise<DeliveryReceipt>
  readonly showTyping: (threadKey: string, on: boolean) => Promise<void>
}

/** How long an account without native menus is remembered as one; it may be verified some day. */
const noMenusMs = 24 * 3_600_000

const hasCode = (error: unknown, code: ChannelError['code']): error is ChannelError =>
  error instanceof ChannelError && error.code === code

/** Typing refusals that only mean that there is nothing to show. */
const harmless: ReadonlySet<unknown> = new Set([45072, 45080, 45081])

/** Delivery for an account that may use the API. */
export const createDelivery = ({ host, callApi, uploads, menus }: DeliverDeps): Delivery => {
  const noMenusKey = `wechat:no-menus:${host.inboxId}`
  const typingKey = (threadKey: string): string => `wechat:typing:${host.inboxId}:${threadKey}`

  const choiceStyle = async (): Promise<ChoiceStyle> =>
    menus && (await host.cache.get(noMenusKey)) === undefined ? 'menu' : 'numbered'

  const sendOnce = async (message: OutboundMessage): Promise<void> => {
    const handles = await uploads.handlesFor(message.part)
    const send = async (style: ChoiceStyle): Promise<void> =>
      sendMessage(callApi, encodeSend(message, handles, style))
    const style = message.part.kind === 'choices' ? await choiceStyle() : 'numbered'
    try {
      await send(style)
    } catch (error) {
      if (handles !== undefined && hasCode(error, 'media_expired'))
        await uploads.forget(message.part, handles)
      if (style !== 'menu' || !hasCode(error, 'no_permission') || error.facts.providerCode !== 40200)
        throw error
      await host.cache.set(noMenusKey, '1', noMenusMs)
      host.log.warn(
        { providerCode: 40200, hint: error.facts.hint },
        'account has no native menus; choices are numbered',
      )
      await send('numbered')
    }
  }

  const showTyping = async (threadKey: string, on: boolean): Promise<void> => {
    const key = typingKey(threadKey)
    try {
      if (on ? await host.cache.add(key, '1', typingMs) : await host.cache.drop(key, '1'))
        await sendTyping(callApi, threadKey, on)
    } catch (error) {
      const { code, providerCode } =
        error instanceof ChannelError ? { code: error.code, ...error.facts } : { code: 'unknown' }
      if (!harmless.has(providerCode)) host.log.debug({ code, providerCode }, 'typing not shown')
    }
  }

  return {
    deliver: async (message) => {
      try {
        await sendOnce(message)
      } catch (error) {
        if (!hasCode(error, 'media_expired')) throw error
        // The forgotten handle makes the second try upload again.
        await sendOnce(message)
      }
      // A message ends the typing sign, so it may be shown again.
      await host.cache.drop(typingKey(message.threadKey), '1').catch(() => false)
      return {}
    },
    showTyping,
  }
}
