/**
 * Sends one message, `sendMessage` and its siblings.
 * Source: core.telegram.org/bots/api#sendmessage, #sendphoto, #sendlocation, #sendvenue.
 */
import type { InputFile, RawApi } from 'grammy'
import type { OutboundMessage } from '../../src/core/message.ts'
import type { Keyboard } from './choices.ts'
import type { GrammySignal } from './client.ts'
import type { FileField } from './encode.ts'
import { parseThreadKey } from './thread.ts'

/** Where a message goes, as every sending call takes it. */
export interface Address {
  chat_id: number
  message_thread_id?: number
  reply_parameters?: { message_id: number; allow_sending_without_reply: true }
}

/**
 * In a group the answer is a reply, so that everybody sees to whom: to the message it answers, else to the member's
 * last one.
 */
export const addressOf = ({
  threadKey,
  accountKey,
  inReplyTo,
}: Pick<OutboundMessage, 'threadKey' | 'accountKey' | 'inReplyTo'>): Address => {
  const { chatId, topicId, isGroup } = parseThreadKey(threadKey)
  const replyTo = isGroup ? Number(inReplyTo ?? accountKey ?? Number.NaN) : Number.NaN
  return {
    chat_id: Number(chatId),
    ...(topicId === undefined ? {} : { message_thread_id: Number(topicId) }),
    ...(Number.isSafeInteger(replyTo)
      ? { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true as const } }
      : {}),
  }
}

/** What Telegram says about a sent message. */
interface Sent extends Partial<Record<Exclude<FileField, 'photo'>, { readonly file_id: string }>> {
  readonly message_id: number
  readonly photo?: readonly { readonly file_id: string }[]
}

export interface TextBody {
  readonly text: string
  readonly html: boolean
  readonly preview: boolean
  readonly keyboard?: Keyboard
}

export const sendText =
  (to: Address, { text, html, preview, keyboard }: TextBody) =>
  (raw: RawApi, signal: GrammySignal): Promise<Sent> =>
    raw.sendMessage(
      {
        ...to,
        text,
        ...(html ? { parse_mode: 'HTML' as const } : {}),
        link_preview_options: { is_disabled: !preview },
        ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
      },
      signal,
    )

/** A place with a name is a venue, which needs an address too. */
export const sendPlace =
  (to: Address, place: { latitude: number; longitude: number; label?: string }) =>
  (raw: RawApi, signal: GrammySignal): Promise<Sent> => {
    const { latitude, longitude, label } = place
    return label === undefined
      ? raw.sendLocation({ ...to, latitude, longitude }, signal)
      : raw.sendVenue({ ...to, latitude, longitude, title: label, address: label }, signal)
  }

export const sendFile =
  (to: Address, field: FileField, file: InputFile | string) =>
  (raw: RawApi, signal: GrammySignal): Promise<Sent> => {
    switch (field) {
      case 'photo':
        return raw.sendPhoto({ ...to, photo: file }, signal)
      case 'animation':
        return raw.sendAnimation({ ...to, animation: file }, signal)
      case 'voice':
        return raw.sendVoice({ ...to, voice: file }, signal)
      case 'audio':
        return raw.sendAudio({ ...to, audio: file }, signal)
      case 'video':
        return raw.sendVideo({ ...to, video: file }, signal)
      case 'document':
        return raw.sendDocument({ ...to, document: file }, signal)
      default:
        return field satisfies never
    }
  }

/** Telegram's handle for the file of a sent message; Telegram may file a film without sound as an animation. */
export const sentFileId = (sent: Sent, field: FileField): string | undefined => {
  if (field === 'photo') return sent.photo?.at(-1)?.file_id
  return sent[field]?.file_id
}
