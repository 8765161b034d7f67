/** From the bridge's messages to the message model. */
import type { InboundMessage, MediaRef, Part } from '../../src/core/message.ts'
import type { WechatyConfig } from './manifest.ts'
import type { Received } from './verify.ts'

/** WeChat's own helpers, which are nobody's contacts. */
const systemContacts: ReadonlySet<string> = new Set([
  'filehelper',
  'weixin',
  'fmessage',
  'newsapp',
  'medianote',
])

/** Notices of the client rather than words of a person. */
const notices: ReadonlySet<string> = new Set(['group-note'])

/** Why a message is not handed on. */
export type Dropped = 'own' | 'system' | 'room' | 'old' | 'notice'

/** Whether and why a message is none of ours. */
export const dropReason = (
  message: Received,
  { rooms, maxAgeSeconds }: Pick<WechatyConfig, 'rooms' | 'maxAgeSeconds'>,
  now: Date,
): Dropped | undefined => {
  if (message.self) return 'own'
  // Official accounts are bots themselves: two would never stop.
  if (message.contactType === 'official' || systemContacts.has(message.contactId)) return 'system'
  if (message.roomId !== undefined && (rooms === 'off' || !message.mentionsSelf)) return 'room'
  if (now.getTime() - message.sentAt > maxAgeSeconds * 1_000) return 'old'
  return notices.has(message.type) ? 'notice' : undefined
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
  amp: '&',
}

/** Web puppets hand over HTML: line breaks and entities become what they stand for, once. */
const plain = (text: string): string =>
  text
    .replace(/<br ?\/?>/gi, '\n')
    .replace(/&(lt|gt|quot|apos|#39|nbsp|amp);/g, (whole, name: string) => entities[name] ?? whole)
    .trim()

const unsupported = ({ type, text, miniProgram }: Received): Part => ({
  kind: 'unsupported',
  type,
  raw: miniProgram === undefined ? { text } : { ...miniProgram },
})

const isWebLink = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

const linkPart = (message: Received): Part => {
  const { link } = message
  if (link === undefined || !isWebLink(link.url)) return unsupported(message)
  return {
    kind: 'link',
    url: link.url,
    ...(link.title === '' ? {} : { title: link.title }),
    ...(link.description === '' ? {} : { description: link.description }),
  }
}

const locationPart = (message: Received): Part => {
  const { location } = message
  if (location === undefined) return unsupported(message)
  const { latitude, longitude, label } = location
  return { kind: 'location', latitude, longitude, ...(label === '' ? {} : { label }) }
}

const toPart = (message: Received, media: MediaRef): Part => {
  switch (message.type) {
    case 'text':
      return { kind: 'text', text: plain(message.text) }
    case 'image':
      return { kind: 'image', media }
    case 'audio':
      return { kind: 'audio', media }
    case 'video':
      return { kind: 'video', media }
    case 'attachment':
      return { kind: 'file', media, name: message.file?.name ?? 'file' }
    case 'emoticon':
      return { kind: 'sticker', name: '表情', media }
    case 'url':
      return linkPart(message)
    case 'location':
      return locationPart(message)
    case 'recalled':
      return { kind: 'event', name: 'recalled', value: message.text.slice(0, 256) }
    default:
      return unsupported(message)
  }
}

/** The thread of a contact, alone or in a group: each has a conversation of their own. */
export const threadKeyOf = ({ contactId, roomId }: Pick<Received, 'contactId' | 'roomId'>): string =>
  roomId === undefined ? contactId : `${roomId}#${contactId}`

/** The group in a key made by `threadKeyOf`. */
export const roomOf = (contactKey: string, threadKey: string): string | undefined =>
  threadKey.endsWith(`#${contactKey}`) ? threadKey.slice(0, -contactKey.length - 1) : undefined

/** The message in our words. Pure; `media` is its file. */
export const decode = (message: Received, inboxId: string, media: MediaRef): InboundMessage => {
  const { id, contactId, contactName, sentAt, type } = message
  return {
    inboxId,
    dedupKey: id,
    providerId: id,
    contactKey: contactId,
    threadKey: threadKeyOf(message),
    parts: [toPart(message, media)],
    sentAt: new Date(sentAt),
    ...(contactName.trim() === '' ? {} : { displayName: contactName.trim().slice(0, 100) }),
    mayContinue: type === 'text',
    wantsReply: type !== 'recalled',
    passiveBudgetMs: 0,
  }
}
