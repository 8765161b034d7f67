/** What a Telegram message says. Source: core.telegram.org/bots/api#message. */
import type { InboundMessage, MediaRef, Part } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, listField, textField, toPlain } from '../kit/index.ts'

/** What of a message is read from its content; the rest is its address. */
export type Content = Pick<InboundMessage, 'parts' | 'mayContinue' | 'wantsReply'>

/** Text that may go on in a further message, or a file that may be one of an album. */
const said = (parts: readonly Part[], mayContinue: boolean): Content => ({
  parts,
  mayContinue,
  wantsReply: true,
})

const silent = (part: Part): Content => ({ parts: [part], mayContinue: false, wantsReply: false })

const fileRef = (file: Fields, maxBytes: number): MediaRef | undefined => {
  const fileId = textField(file, 'file_id')
  if (fileId === undefined) return undefined
  const bytes = Number(textField(file, 'file_size') ?? Number.NaN)
  const contentType = textField(file, 'mime_type')
  return {
    providerRef: fileId,
    ...(contentType === undefined ? {} : { contentType: contentType.slice(0, 100) }),
    ...(Number.isSafeInteger(bytes) && bytes >= 0 ? { bytes } : {}),
    // Telegram would refuse to hand it out; asking is a waste.
    ...(bytes > maxBytes ? { failure: 'too_large' } : {}),
  }
}

interface FileContext {
  readonly message: Fields
  readonly maxBytes: number
}

/** The sizes come smallest first. */
const readPhoto = ({ message, maxBytes }: FileContext): Part | undefined => {
  const largest = listField(message, 'photo').at(-1)
  const media = largest === undefined ? undefined : fileRef(largest, maxBytes)
  return media === undefined ? undefined : { kind: 'image', media }
}

const readFile =
  (name: string, toPart: (media: MediaRef, file: Fields) => Part) =>
  ({ message, maxBytes }: FileContext): Part | undefined => {
    const file = groupField(message, name)
    const media = file === undefined ? undefined : fileRef(file, maxBytes)
    return file === undefined || media === undefined ? undefined : toPart(media, file)
  }

const audio = (media: MediaRef, file: Fields): Part => {
  const seconds = Number(textField(file, 'duration') ?? Number.NaN)
  return {
    kind: 'audio',
    media,
    ...(Number.isSafeInteger(seconds) && seconds >= 0 ? { durationMs: seconds * 1_000 } : {}),
  }
}

const document = (media: MediaRef, file: Fields): Part => ({
  kind: 'file',
  media,
  name: textField(file, 'file_name')?.slice(0, 255) ?? '文件',
})

/** A sticker that moves is a drawing program or a film that browsers do not show as a picture: its emoji says it. */
const sticker = (media: MediaRef, file: Fields): Part => {
  const isMoving = ['is_animated', 'is_video'].some((name) => textField(file, name) === 'true')
  return {
    kind: 'sticker',
    name: textField(file, 'emoji') ?? textField(file, 'set_name') ?? '贴纸',
    ...(isMoving ? {} : { media }),
  }
}

/** An animation also stands in `document`, for old clients: it is looked for first. */
const files: readonly ((context: FileContext) => Part | undefined)[] = [
  readPhoto,
  readFile('voice', audio),
  readFile('audio', audio),
  readFile('video', (media) => ({ kind: 'video', media })),
  readFile('video_note', (media) => ({ kind: 'video', media, short: true })),
  readFile('animation', (media) => ({ kind: 'video', media, short: true })),
  readFile('sticker', sticker),
  readFile('document', document),
]

const coordinate = (text: string | undefined, limit: number): number | undefined => {
  const value = Number(text ?? Number.NaN)
  return Math.abs(value) <= limit ? value : undefined
}

const readPlace = (message: Fields): Part | undefined => {
  const venue = groupField(message, 'venue')
  const place = groupField(venue ?? message, 'location')
  if (place === undefined) return undefined
  const latitude = coordinate(textField(place, 'latitude'), 90)
  const longitude = coordinate(textField(place, 'longitude'), 180)
  if (latitude === undefined || longitude === undefined) return undefined
  const names = venue === undefined ? [] : [textField(venue, 'title'), textField(venue, 'address')]
  const label = names.filter((name) => name !== undefined).join(' ')
  return { kind: 'location', latitude, longitude, ...(label === '' ? {} : { label }) }
}

/** A business card, in words: who it is and the number. */
const readContact = (message: Fields): Part | undefined => {
  const card = groupField(message, 'contact')
  if (card === undefined) return undefined
  const words = ['first_name', 'last_name', 'phone_number'].map((name) => textField(card, name))
  return { kind: 'text', text: ['[名片]', ...words.filter((word) => word !== undefined)].join(' ') }
}

/** Fields that say who, where and how, not what. */
const envelope: ReadonlySet<string> = new Set([
  'message_id',
  'message_thread_id',
  'direct_messages_topic',
  'from',
  'sender_chat',
  'sender_boost_count',
  'sender_business_bot',
  'date',
  'business_connection_id',
  'chat',
  'forward_origin',
  'is_topic_message',
  'is_automatic_forward',
  'reply_to_message',
  'external_reply',
  'quote',
  'reply_to_story',
  'via_bot',
  'edit_date',
  'has_protected_content',
  'is_from_offline',
  'is_paid_post',
  'media_group_id',
  'author_signature',
  'paid_star_count',
  'link_preview_options',
  'effect_id',
  'entities',
  'caption',
  'caption_entities',
  'show_caption_above_media',
  'has_media_spoiler',
  'reply_markup',
])

/** News of the chat itself: known, stored, not answered. Source: core.telegram.org/bots/api#message, "Service message". */
const service =
  /^(?:new_chat_|left_chat_|delete_chat_|group_chat_created|supergroup_|channel_chat_|message_auto_delete|migrate_|pinned_message|users?_shared|chat_shared|connected_website|write_access_allowed|proximity_alert|boost_added|chat_background_set|forum_topic_|general_forum_|giveaway|video_chat_|web_app_data|passport_data|successful_payment|refunded_payment|direct_message_price|paid_message_price|checklist_tasks_|suggested_post_)/

/** What is stored of something we do not know, for the agent to see. */
const unknown = (message: Fields): Content => {
  const [type, value] = [...message].find(([name]) => !envelope.has(name)) ?? ['empty', '']
  if (service.test(type)) return silent({ kind: 'event', name: 'other', value: type.slice(0, 64) })
  const raw = toPlain(new Map([[type, value]]))
  return said([{ kind: 'unsupported', type: type.slice(0, 64), raw }], false)
}

const startCommand = /^\/start(?:@\w+)?(?:\s+([\w-]{1,64}))?\s*$/

/** Pressing Start is Telegram's following; a deep link brings a payload along. */
const readText = (text: string): Content => {
  const start = startCommand.exec(text)
  if (start === null) return said([{ kind: 'text', text }], !text.startsWith('/'))
  const [, payload] = start
  return said(
    [{ kind: 'event', name: 'subscribed', ...(payload === undefined ? {} : { value: payload }) }],
    false,
  )
}

/** Reads a message's content. `text` is its text or caption, without the bot's name where it was called. */
export const decodeContent = (message: Fields, text: string | undefined, maxBytes: number): Content => {
  const attachment =
    files.map((read) => read({ message, maxBytes })).find((part) => part !== undefined) ??
    readPlace(message) ??
    readContact(message)
  if (attachment === undefined) return text === undefined ? unknown(message) : readText(text)
  const isAlbum = textField(message, 'media_group_id') !== undefined
  // The pieces of an album arrive one by one: each may continue, so that they are answered together.
  return said(text === undefined ? [attachment] : [attachment, { kind: 'text', text }], isAlbum)
}
