import type { Message } from '../../src/core/conversation.ts'
import type { EventPart, MediaRef, Part } from '../../src/core/message.ts'
import { toPlainText } from './plain-text.ts'
import type { ChatEvent, VisiblePart } from './protocol.ts'

/** Close codes; the first four are RFC 6455's and IANA's, the rest our own. */
export const closeCodes = {
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  serverError: 1011,
  tryLater: 1013,
  authTimeout: 4001,
  replaced: 4008,
  badToken: 4010,
  rate: 4029,
} as const

const isWebLink = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** The file of a part, when it is stored and not to be had from a public address. */
export const storedFileOf = (part: Part): MediaRef | undefined =>
  !(part.kind === 'image' && part.url !== undefined) &&
  (part.kind === 'image' || part.kind === 'audio' || part.kind === 'video' || part.kind === 'file') &&
  part.media.mediaId !== undefined
    ? part.media
    : undefined

const labelOf = (part: Part): string | undefined => {
  if (part.kind === 'file') return part.name
  return part.kind === 'image' ? part.alt : undefined
}

const encodeFile = (part: Part, at: number): VisiblePart | undefined => {
  if (part.kind !== 'image' && part.kind !== 'audio' && part.kind !== 'video' && part.kind !== 'file')
    return undefined
  const file = storedFileOf(part)
  if (file === undefined) return undefined
  const label = labelOf(part)
  return {
    kind: 'media',
    of: part.kind,
    part: at,
    bytes: file.bytes ?? 0,
    ...(label !== undefined && { label }),
  }
}

/** What the visitor did by a press. */
const encodeAct = ({ name, value, data }: EventPart): VisiblePart | undefined => {
  if (name === 'choice' && value !== undefined) return { kind: 'choice', id: value }
  if ((name === 'helpful' || name === 'not-helpful') && typeof data?.seq === 'number')
    return { kind: 'vote', seq: data.seq, helpful: name === 'helpful' }
  return undefined
}

const encodeWords = (part: Part): VisiblePart | undefined => {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: part.format === 'markdown' ? toPlainText(part.text) : part.text }
    case 'choices':
      return {
        kind: 'choices',
        prompt: part.prompt,
        choices: part.choices.map(({ id, label }) => ({ id, label })),
        ...(part.footer !== undefined && { footer: part.footer }),
      }
    case 'link':
      return isWebLink(part.url)
        ? {
            kind: 'link',
            url: part.url,
            ...(part.title !== undefined && { title: part.title }),
            ...(part.description !== undefined && { description: part.description }),
          }
        : { kind: 'text', text: part.title ?? part.url }
    case 'image':
      return part.url !== undefined && isWebLink(part.url)
        ? { kind: 'link', url: part.url, ...(part.alt !== undefined && { title: part.alt }) }
        : { kind: 'placeholder', of: 'image', ...(part.alt !== undefined && { label: part.alt }) }
    case 'file':
      return { kind: 'placeholder', of: 'file', label: part.name }
    case 'location':
      return { kind: 'placeholder', of: 'location', ...(part.label !== undefined && { label: part.label }) }
    case 'sticker':
      return { kind: 'placeholder', of: 'sticker', label: part.name }
    case 'audio':
    case 'video':
      return { kind: 'placeholder', of: part.kind }
    case 'event':
      return encodeAct(part)
    case 'unsupported':
      return undefined
    default:
      return part satisfies never
  }
}

const authors = {
  contact: 'contact',
  bot: 'bot',
  agent: 'agent',
  survey: 'system',
  system: 'system',
} as const

/** The article that an answer of the bot's comes from. */
export const sourceOf = ({ author, parts }: Pick<Message, 'author' | 'parts'>): string | undefined =>
  author === 'bot'
    ? parts.flatMap((part) => (part.kind === 'text' ? (part.source ?? []) : [])).at(0)
    : undefined

/** A stored message as the visitor sees it; undefined for notes, activities and what has nothing to show. */
export const encodeEvent = (message: Message): ChatEvent | undefined => {
  if (message.direction !== 'in' && message.direction !== 'out') return undefined
  const parts = message.parts
    .map((part, at) => encodeFile(part, at) ?? encodeWords(part))
    .filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  const source = sourceOf(message)
  return {
    seq: message.seq,
    id: message.id,
    author: authors[message.author],
    ...(message.author === 'agent' && message.agentName !== undefined && { agentName: message.agentName }),
    at: message.createdAt.toISOString(),
    parts,
    status: message.direction === 'in' ? 'accepted' : 'sent',
    ...(source !== undefined && { source }),
  }
}
