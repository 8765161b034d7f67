import type { Message } from '../../src/core/conversation.ts'
import type { Choice, MediaRef, Part } from '../../src/core/message.ts'
import type { ContentFault, InputFault } from './decode.ts'
import { toPlainText } from './plain-text.ts'

/** A piece of a message as a visitor may see it. */
export type VisiblePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'choices'
      readonly prompt: string
      readonly choices: readonly Choice[]
      readonly footer?: string
    }
  | { readonly kind: 'link'; readonly url: string; readonly title?: string; readonly description?: string }
  /** The visitor's own choice; its label stands in the question before it. */
  | { readonly kind: 'choice'; readonly id: string }
  /** A stored file; `GET /files?seq=<message>&part=<part>` gives its bytes to the visitor of this thread alone. */
  | {
      readonly kind: 'media'
      readonly of: 'image' | 'audio' | 'video' | 'file'
      readonly part: number
      readonly bytes: number
      readonly label?: string
    }
  /** Something this client cannot show yet, by its kind. */
  | {
      readonly kind: 'placeholder'
      readonly of: 'image' | 'audio' | 'video' | 'file' | 'location' | 'sticker'
      readonly label?: string
    }

/** One message of the log, the same over every transport. */
export interface ChatEvent {
  readonly seq: number
  readonly id: string
  readonly author: 'contact' | 'bot' | 'agent' | 'system'
  readonly agentName?: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly parts: readonly VisiblePart[]
  /** `accepted`: the visitor's own, stored. `sent`: ours. */
  readonly status: 'accepted' | 'sent'
}

/** Words a client branches on. Nothing else about a failure leaves the server. */
export type ClientErrorCode =
  | InputFault
  | ContentFault
  | 'busy'
  | 'not_found'
  | 'bad_token'
  | 'already_signed_in'
  | 'rate_limited'
  | 'refused'
  | 'unavailable'

export interface ClientError {
  readonly code: ClientErrorCode
  /** True: the same can be sent again, after `retryAfterMs` when given. */
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly clientMsgId?: string
}

/** What the server says over a socket. */
export type ServerFrame =
  | {
      readonly t: 'ready'
      /** `token` only when a new one replaces the old. */
      readonly session: { readonly expiresAt: string; readonly token?: string }
      readonly cursor: number
    }
  | ({ readonly t: 'ev' } & ChatEvent)
  | { readonly t: 'accepted'; readonly clientMsgId: string; readonly seq: number }
  | { readonly t: 'typing'; readonly on: boolean }
  /** The log no longer holds the client's cursor: forget everything, it comes again from the start. */
  | { readonly t: 'resync'; readonly cursor: 0 }
  | ({ readonly t: 'error' } & ClientError)
  | { readonly t: 'pong' }
  | { readonly t: 'bye'; readonly reason: 'restart' | 'replaced' | 'expired' }

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
      return part.name === 'choice' && part.value !== undefined
        ? { kind: 'choice', id: part.value }
        : undefined
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

/** A stored message as the visitor sees it; undefined for notes, activities and what has nothing to show. */
export const encodeEvent = (message: Message): ChatEvent | undefined => {
  if (message.direction !== 'in' && message.direction !== 'out') return undefined
  const parts = message.parts
    .map((part, at) => encodeFile(part, at) ?? encodeWords(part))
    .filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  return {
    seq: message.seq,
    id: message.id,
    author: authors[message.author],
    ...(message.author === 'agent' && message.agentName !== undefined && { agentName: message.agentName }),
    at: message.createdAt.toISOString(),
    parts,
    status: message.direction === 'in' ? 'accepted' : 'sent',
  }
}
