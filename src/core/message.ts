/** The kinds of connection Tongda knows. */
export type ChannelName =
  'wechat' | 'wecom' | 'weibo' | 'email' | 'web' | 'telegram' | 'botframework' | 'wechaty' | 'api'

/** A stored file: `mediaId` finds it in the media store; absent until downloaded, `failure` says why it never was. */
export interface MediaRef {
  readonly mediaId?: string
  /** The provider's handle, kept so that the file can be fetched again while the provider still has it. */
  readonly providerRef?: string
  readonly contentType?: string
  readonly bytes?: number
  readonly failure?: string
}

/** One option of a question; `id` is what comes back when it is chosen. */
export interface Choice {
  readonly id: string
  readonly label: string
}

/** A picture between the words of a text. */
export interface InlinePicture {
  /** How many characters of the text stand before it. */
  readonly after: number
  readonly alt: string
  readonly media: MediaRef
}

export interface TextPart {
  readonly kind: 'text'
  readonly text: string
  /** Absent: plain. `markdown` is ours (articles), never the contact's. */
  readonly format?: 'plain' | 'markdown'
  /** The question of the article that it answers, for channels that tell where answers come from. */
  readonly source?: string
  /** Set by the renderer alone, for channels whose texts hold pictures (mail). */
  readonly pictures?: readonly InlinePicture[]
}
export interface ImagePart {
  readonly kind: 'image'
  readonly media: MediaRef
  readonly alt?: string
  /** A public address, where the channel can only show links. */
  readonly url?: string
}
export interface AudioPart {
  readonly kind: 'audio'
  readonly media: MediaRef
  /** Better-quality copy where the provider offers one (WeChat `MediaId16K`). */
  readonly highQuality?: MediaRef
  readonly durationMs?: number
  readonly transcript?: { readonly text: string; readonly source: string }
}
export interface VideoPart {
  readonly kind: 'video'
  readonly media: MediaRef
  readonly thumbnail?: MediaRef
  readonly short?: boolean
}
export interface FilePart {
  readonly kind: 'file'
  readonly media: MediaRef
  readonly name: string
}
export interface LocationPart {
  readonly kind: 'location'
  readonly latitude: number
  readonly longitude: number
  readonly label?: string
}
export interface LinkPart {
  readonly kind: 'link'
  readonly url: string
  readonly title?: string
  readonly description?: string
}
export interface StickerPart {
  readonly kind: 'sticker'
  readonly name: string
  readonly media?: MediaRef
}
/** A question with options. `prompt` stands above them, `footer` below. */
export interface ChoicesPart {
  readonly kind: 'choices'
  readonly prompt: string
  readonly choices: readonly Choice[]
  readonly footer?: string
}
/** A message as its sender laid it out, on channels whose messages are pages (mail). */
export interface Original {
  /** Cleaned when it came in; cleaned again and framed when it is shown. Pictures elsewhere stand in `data-remote`. */
  readonly html: string
  /** Stored pictures by the name after `cid:`. */
  readonly inline: Readonly<Record<string, string>>
  /** How many pictures lie elsewhere. */
  readonly remotePictures: number
}
/** Something that happened rather than was said: followed, left, pressed a menu key, chose an option. */
export interface EventPart {
  readonly kind: 'event'
  /**
   * Our word for it: `subscribed`, `unsubscribed`, `menu`, `choice`, `scanned`, `opened`, `closed`, `mentioned`,
   * `callback-requested`, `left-message` (for when people are back: a ticket opens), `for-person` (nobody but a person
   * may answer: a ticket opens, nothing is said; with the name of a `program` in its data where one hands on what the
   * contact wishes), `helpful`, `not-helpful` (what the contact says of an answer),
   * `identified` (the brand knows who this is), `context` (what the page knows), `edited`, `other`.
   */
  readonly name: string
  readonly value?: string
  readonly data?: Readonly<Record<string, unknown>>
  /** The message as its sender laid it out. Adapters alone set it, from what they cleaned: never from outside. */
  readonly original?: Original
}
/** What the channel sent and we do not know: stored, counted, shown to the agent. */
export interface UnsupportedPart {
  readonly kind: 'unsupported'
  readonly type: string
  readonly raw: Readonly<Record<string, unknown>>
}

/** One piece of what was said. */
export type Part =
  | TextPart
  | ImagePart
  | AudioPart
  | VideoPart
  | FilePart
  | LocationPart
  | LinkPart
  | StickerPart
  | ChoicesPart
  | EventPart
  | UnsupportedPart
export type PartKind = Part['kind']

/** What a contact's action opens in the provider's quota (see `Capabilities.allowances`). */
export type AllowanceName = string

/** A verified, normalised message as a channel hands it to the router. */
export interface InboundMessage {
  readonly inboxId: string
  /** Unique per inbox: the provider's message id, else sender + time + content hash. */
  readonly dedupKey: string
  /** The contact's address on the inbox: openid, visitor id, mail address. */
  readonly contactKey: string
  /** The thread on the inbox; on channels without threads the same as `contactKey`. */
  readonly threadKey: string
  readonly parts: readonly Part[]
  /** When the contact sent it, by the provider's word. */
  readonly sentAt: Date
  /** Order of messages with the same `sentAt`; provider ids compare as strings of equal length. */
  readonly providerId?: string
  /** Joins identities of one person over several inboxes (WeChat UnionID). */
  readonly unionKey?: string
  readonly displayName?: string
  /** Which allowance this action opens, if any. */
  readonly opens?: AllowanceName
  /** True when the contact left: whatever was open ends, until an action opens it again. */
  readonly closesAll?: boolean
  /** False for what must never wait for further pieces: choices, commands, events. */
  readonly mayContinue: boolean
  /** False when nothing could be delivered (the contact just left) or nothing is wanted (position reports). */
  readonly wantsReply: boolean
  /** Milliseconds during which an answer can ride on the request itself; 0: never. */
  readonly passiveBudgetMs: number
  /** The provider account's own address, needed to answer (WeChat `ToUserName`). */
  readonly accountKey?: string
}

/** What one provider message carries after rendering: exactly one part, fit for the channel. */
export interface OutboundMessage {
  /** The outbox row; stable over retries, so the provider may use it as an idempotency key. */
  readonly id: string
  readonly inboxId: string
  readonly conversationId: string
  readonly contactKey: string
  readonly threadKey: string
  readonly accountKey?: string
  readonly part: Part
  readonly author: 'bot' | 'agent' | 'survey' | 'system'
  readonly createdAt: Date
  /** True when a person, not the bot, leads the conversation as this goes out. */
  readonly ledByPerson?: boolean
  /** 1 for the first try. */
  readonly attempt: number
  /** The message it answers, by the provider's id, when one is known: what a bot's turn was about. */
  readonly inReplyTo?: string
}

/** What the provider said about a delivered message. */
export interface DeliveryReceipt {
  readonly providerId?: string
}

/** Whether a message is for a person alone; set where `wantsReply` is false and somebody must see it all the same. */
export const isForPerson = ({ parts }: Pick<InboundMessage, 'parts'>): boolean =>
  parts.some((part) => part.kind === 'event' && part.name === 'for-person')

/** The plain words of a message's parts: what understanding, search and summaries read. */
export const textOf = (parts: readonly Part[]): string =>
  parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'audio':
          return part.transcript?.text ?? ''
        case 'choices':
          return [part.prompt, ...part.choices.map((choice) => choice.label), part.footer ?? '']
            .filter((line) => line !== '')
            .join('\n')
        case 'link':
          return [part.title, part.description].filter(Boolean).join(' ')
        case 'image':
        case 'video':
        case 'file':
        case 'location':
        case 'sticker':
        case 'event':
        case 'unsupported':
          return ''
        default:
          return part satisfies never
      }
    })
    .filter((text) => text !== '')
    .join('\n')

/** Applies `change` to every file reference of a part. */
export const mapMedia = (part: Part, change: (ref: MediaRef) => MediaRef): Part => {
  switch (part.kind) {
    case 'image':
    case 'file':
      return { ...part, media: change(part.media) }
    case 'audio':
      return {
        ...part,
        media: change(part.media),
        ...(part.highQuality === undefined ? {} : { highQuality: change(part.highQuality) }),
      }
    case 'video':
      return {
        ...part,
        media: change(part.media),
        ...(part.thumbnail === undefined ? {} : { thumbnail: change(part.thumbnail) }),
      }
    case 'sticker':
      return part.media === undefined ? part : { ...part, media: change(part.media) }
    case 'text':
    case 'location':
    case 'link':
    case 'choices':
    case 'event':
    case 'unsupported':
      return part
    default:
      return part satisfies never
  }
}
