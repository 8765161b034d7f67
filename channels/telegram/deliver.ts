/** Delivery: encode, send, and the few refusals that another try here can cure. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { DeliveryReceipt, OutboundMessage } from '../../src/core/message.ts'
import type { Buttons } from './choices.ts'
import type { TelegramClient } from './client.ts'
import { encode } from './encode.ts'
import type { FileField, Outgoing } from './encode.ts'
import { curable, newChatIdOf } from './errors.ts'
import type { Files } from './files.ts'
import { toHtml, toPlain } from './html.ts'
import type { TelegramConfig } from './manifest.ts'
import { addressOf, sendFile, sendPlace, sendText, sentFileId } from './send.ts'
import type { Address } from './send.ts'
import type { Drafts } from './send-draft.ts'
import { sendTyping, typingMs } from './send-typing.ts'
import { parseThreadKey, threadKeyOf } from './thread.ts'

export interface DeliverDeps {
  readonly config: TelegramConfig
  readonly host: ChannelHost
  readonly client: TelegramClient
  readonly buttons: Buttons
  readonly files: Files
  readonly drafts: Pick<Drafts, 'giveWay'>
}

/** How a bot speaks. */
export interface Delivery {
  readonly deliver: (message: OutboundMessage) => Promise<DeliveryReceipt>
  readonly showTyping: (threadKey: string, on: boolean) => Promise<void>
}

type Of<Kind extends Outgoing['kind']> = Extract<Outgoing, { readonly kind: Kind }>

const isCode = (error: unknown, providerCode: string): boolean =>
  error instanceof ChannelError && error.facts.providerCode === providerCode

type OnRefused = (error: unknown) => void

/** Where one message goes, and who hears grammY's own error. */
interface Target {
  readonly to: Address
  readonly threadKey: string
  readonly onRefused: OnRefused
}

const createSendText =
  ({ config, client, buttons }: DeliverDeps) =>
  async ({ text, choices }: Of<'text'>, { to, threadKey, onRefused }: Target) => {
    const keyboard = choices === undefined ? {} : { keyboard: await buttons.write(threadKey, choices) }
    const body = { preview: config.linkPreviews, ...keyboard }
    const html = sendText(to, { ...body, text: toHtml(text), html: true })
    try {
      return await client.call('send text', html, { onRefused })
    } catch (error) {
      if (!isCode(error, curable.markup)) throw error
      // Better bare words than none.
      const plain = sendText(to, { ...body, text: toPlain(text), html: false })
      return client.call('send text', plain, { onRefused })
    }
  }

const createSendFile = ({ client, files }: DeliverDeps) => {
  const send = async (outgoing: Of<'file'>, { to, onRefused }: Target, as?: FileField) => {
    const { field, file, known } = await files.prepare(outgoing, as)
    const patience = known ? 'short' : 'upload'
    const sent = await client.call(`send ${field}`, sendFile(to, field, file), { patience, onRefused })
    const handle = sentFileId(sent, field)
    if (!known && handle !== undefined) await files.remember(outgoing.media, field, handle)
    return sent
  }
  return async (outgoing: Of<'file'>, target: Target) => {
    try {
      return await send(outgoing, target)
    } catch (error) {
      if (isCode(error, curable.photo)) return send(outgoing, target, 'document')
      if (!(error instanceof ChannelError) || error.code !== 'media_expired') throw error
      // A forgotten handle makes the second try upload again.
      await files.forget(outgoing.media)
      return send(outgoing, target)
    }
  }
}

/** Sends one message; `onRefused` sees grammY's own error. */
const createSend = (deps: DeliverDeps) => {
  const text = createSendText(deps)
  const file = createSendFile(deps)
  return (message: OutboundMessage, onRefused: OnRefused) => {
    const target = { to: addressOf(message), threadKey: message.threadKey, onRefused }
    const outgoing = encode(message.part)
    switch (outgoing.kind) {
      case 'text':
        return text(outgoing, target)
      case 'location':
        return deps.client.call('send location', sendPlace(target.to, outgoing), { onRefused })
      case 'file':
        return file(outgoing, target)
      default:
        return outgoing satisfies never
    }
  }
}

const uncertainMs = 7 * 24 * 3_600_000

export const createDelivery = (deps: DeliverDeps): Delivery => {
  const { host, client, drafts } = deps
  const send = createSend(deps)

  /** A group's limit is its own and long: only this conversation waits. Other floods are the bot's. */
  const ownWait = (error: unknown, message: OutboundMessage): unknown =>
    error instanceof ChannelError &&
    error.code === 'rate_limited' &&
    parseThreadKey(message.threadKey).isGroup
      ? new ChannelError('telegram', 'temporary', 'send: too many messages in this group (429)', error.facts)
      : error

  /** Telegram knows no idempotency key: after a second lost answer a third copy would be worse than silence. */
  const onceMore = async (error: unknown, message: OutboundMessage): Promise<unknown> => {
    if (!isCode(error, curable.noAnswer)) return error
    const isFirst = await host.cache.add(`telegram:uncertain:${host.inboxId}:${message.id}`, '1', uncertainMs)
    if (isFirst) return error
    return new ChannelError('telegram', 'permanent', 'send: Telegram’s answer was lost twice', {
      providerCode: curable.noAnswer,
      hint: 'ask the contact whether the message arrived before you send it again',
    })
  }

  const toNewChat = async (message: OutboundMessage, chatId: string) => {
    const thread = parseThreadKey(message.threadKey)
    await host.moveThreads(thread.chatId, chatId)
    // The message it answered lies in the old chat: it is no reply any more, which Telegram allows.
    return send({ ...message, threadKey: threadKeyOf({ ...thread, chatId }) }, () => undefined)
  }

  const deliver = async (message: OutboundMessage): Promise<DeliveryReceipt> => {
    let newChatId: string | undefined
    const onRefused = (error: unknown): void => {
      newChatId = newChatIdOf(error)
    }
    try {
      const sent = await drafts.giveWay(message.threadKey, () =>
        send(message, onRefused).catch((error: unknown) => {
          if (newChatId === undefined) throw error
          return toNewChat(message, newChatId)
        }),
      )
      return { providerId: String(sent.message_id) }
    } catch (error) {
      throw await onceMore(ownWait(error, message), message)
    }
  }

  const showTyping = async (threadKey: string, on: boolean): Promise<void> => {
    if (!on) return
    try {
      if (await host.cache.add(`telegram:typing:${host.inboxId}:${threadKey}`, '1', typingMs - 500))
        await sendTyping(client, threadKey)
    } catch (error) {
      host.log.debug({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'typing not shown')
    }
  }

  return { deliver, showTyping }
}
