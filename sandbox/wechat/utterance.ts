// What a user can do, and the XML fields it becomes: official-account documentation, "接收普通消息", "接收事件推送".
import type { WechatUser, WindowAction } from './account.ts'
import type { TranscriptContent } from './transcript.ts'
import { node } from './xml.ts'
import type { XmlNode } from './xml.ts'

/** Something a user sends or does. Media ids come from the simulator's own store. */
export type Utterance =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaId: string }
  | {
      readonly kind: 'voice'
      readonly mediaId: string
      /** The 16 kHz copy. */
      readonly mediaId16k?: string
      /** What the platform understood, for accounts that still get it. */
      readonly recognition?: string
      readonly durationMs?: number
    }
  | {
      readonly kind: 'video'
      readonly mediaId: string
      readonly thumbMediaId: string
      readonly short?: boolean
    }
  | {
      readonly kind: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly scale?: number
      readonly label: string
    }
  | { readonly kind: 'link'; readonly title: string; readonly description: string; readonly url: string }
  | { readonly kind: 'file'; readonly name: string; readonly md5: string; readonly bytes: number }
  /** A click on an entry of a menu message: a text with `bizmsgmenuid`. */
  | { readonly kind: 'menu-choice'; readonly id: string; readonly label: string }
  | { readonly kind: 'subscribe'; readonly scene?: string }
  | { readonly kind: 'unsubscribe' }
  | { readonly kind: 'scan'; readonly scene: string }
  /** A key of the account's own menu. */
  | { readonly kind: 'click'; readonly key: string; readonly label?: string }
  | { readonly kind: 'view'; readonly url: string; readonly label?: string }
  | { readonly kind: 'report-location'; readonly latitude: number; readonly longitude: number }
  /** Any other event, documented or invented; fields as they should stand in the XML. */
  | { readonly kind: 'event'; readonly event: string; readonly fields?: readonly XmlNode[] }
  /** Any other message type. */
  | { readonly kind: 'message'; readonly type: string; readonly fields?: readonly XmlNode[] }

/** What an utterance means on the wire and for the account's rights. */
export interface Composed {
  /** Fields after the four common ones, MsgId left out. */
  readonly fields: readonly XmlNode[]
  readonly msgType: string
  /** Events have no MsgId. */
  readonly isEvent: boolean
  /** The window it opens, if any. */
  readonly opens?: WindowAction
  /** False where the platform shows no answer, and no system error either. */
  readonly answerable: boolean
  readonly shown: TranscriptContent
}

const message = (msgType: string, fields: readonly XmlNode[], shown: TranscriptContent): Composed => ({
  msgType,
  fields,
  shown,
  isEvent: false,
  opens: 'message',
  answerable: true,
})

const event = (
  name: string,
  fields: readonly XmlNode[],
  more: { readonly opens?: WindowAction; readonly answerable?: boolean; readonly label?: string } = {},
): Composed => ({
  msgType: 'event',
  fields: [node('Event', name), ...fields],
  isEvent: true,
  answerable: more.answerable ?? true,
  ...(more.opens === undefined ? {} : { opens: more.opens }),
  shown: { kind: 'event', event: name, ...(more.label === undefined ? {} : { label: more.label }) },
})

/** Menu ids are numbers in the documentation's examples and stand bare; others are written as text. */
const menuId = (id: string): string | number => (/^[1-9]\d{0,8}$/.test(id) ? Number(id) : id)

/** Events after which the platform has nobody to show an answer to. */
const unanswerable =
  /^(unsubscribe|view|view_miniprogram|.*jobfinish|kf_.*|subscribe_msg_sent_event|user_info_modified|user_authorization_.*)$/i

/** Turns an utterance into wire fields. `publicUrl` gives a picture's public address. */
export const compose = (utterance: Utterance, publicUrl: (mediaId: string) => string): Composed => {
  switch (utterance.kind) {
    case 'text':
      return message('text', [node('Content', utterance.text)], { kind: 'text', text: utterance.text })
    case 'image':
      return message(
        'image',
        [node('PicUrl', publicUrl(utterance.mediaId)), node('MediaId', utterance.mediaId)],
        { kind: 'image', mediaId: utterance.mediaId },
      )
    case 'voice':
      return composeVoice(utterance)
    case 'video':
      return message(
        utterance.short === true ? 'shortvideo' : 'video',
        [node('MediaId', utterance.mediaId), node('ThumbMediaId', utterance.thumbMediaId)],
        { kind: 'video', mediaId: utterance.mediaId },
      )
    case 'location':
      return composeLocation(utterance)
    case 'link':
      return message(
        'link',
        [
          node('Title', utterance.title),
          node('Description', utterance.description),
          node('Url', utterance.url),
        ],
        { kind: 'link', title: utterance.title, description: utterance.description, url: utterance.url },
      )
    case 'file':
      return composeFile(utterance)
    case 'menu-choice':
      return {
        // Counts as a click on a menu, not as a message.
        ...message('text', [node('Content', utterance.label), node('bizmsgmenuid', menuId(utterance.id))], {
          kind: 'text',
          text: utterance.label,
        }),
        opens: 'menu',
      }
    case 'message':
      return message(utterance.type, utterance.fields ?? [], { kind: 'other', type: utterance.type })
    default:
      return composeEvent(utterance)
  }
}

type Of<Kind extends Utterance['kind']> = Extract<Utterance, { readonly kind: Kind }>

const composeVoice = (voice: Of<'voice'>): Composed =>
  message(
    'voice',
    [
      node('MediaId', voice.mediaId),
      node('Format', 'amr'),
      ...(voice.recognition === undefined ? [] : [node('Recognition', voice.recognition)]),
      ...(voice.mediaId16k === undefined ? [] : [node('MediaId16K', voice.mediaId16k)]),
    ],
    {
      kind: 'voice',
      mediaId: voice.mediaId,
      ...(voice.recognition === undefined ? {} : { recognition: voice.recognition }),
      ...(voice.durationMs === undefined ? {} : { durationMs: voice.durationMs }),
    },
  )

const composeLocation = (place: Of<'location'>): Composed =>
  message(
    'location',
    [
      node('Location_X', place.latitude),
      node('Location_Y', place.longitude),
      node('Scale', place.scale ?? 20),
      node('Label', place.label),
    ],
    { kind: 'location', latitude: place.latitude, longitude: place.longitude, label: place.label },
  )

const composeFile = (file: Of<'file'>): Composed =>
  message(
    'file',
    [
      node('Title', file.name),
      node('Description', `${Math.ceil(file.bytes / 1024)}KB`),
      node('FileKey', `filekey_${file.md5}`),
      node('FileMd5', file.md5),
      node('FileTotalLen', file.bytes),
    ],
    { kind: 'file', name: file.name, bytes: file.bytes },
  )

type EventUtterance = Of<
  'subscribe' | 'unsubscribe' | 'scan' | 'click' | 'view' | 'report-location' | 'event'
>

const composeEvent = (utterance: EventUtterance): Composed => {
  switch (utterance.kind) {
    case 'subscribe':
      return event('subscribe', sceneFields(utterance.scene, 'qrscene_'), {
        opens: 'subscribe',
      })
    case 'unsubscribe':
      return event('unsubscribe', [node('EventKey', '')], { answerable: false })
    case 'scan':
      return event('SCAN', sceneFields(utterance.scene, ''), { opens: 'scan', label: utterance.scene })
    case 'click':
      return event('CLICK', [node('EventKey', utterance.key)], {
        opens: 'menu',
        label: utterance.label ?? utterance.key,
      })
    case 'view':
      return event('VIEW', [node('EventKey', utterance.url), node('MenuId', 4_000_001)], {
        answerable: false,
        label: utterance.label ?? utterance.url,
      })
    case 'report-location':
      return event('LOCATION', [
        node('Latitude', utterance.latitude),
        node('Longitude', utterance.longitude),
        node('Precision', 119.38504),
      ])
    case 'event':
      return event(utterance.event, utterance.fields ?? [], {
        answerable: !unanswerable.test(utterance.event),
        ...(/^scancode_(push|waitmsg)$/i.test(utterance.event) ? { opens: 'menu' as const } : {}),
      })
    default:
      return utterance satisfies never
  }
}

const sceneFields = (scene: string | undefined, prefix: string): readonly XmlNode[] =>
  scene === undefined
    ? [node('EventKey', '')]
    : [node('EventKey', `${prefix}${scene}`), node('Ticket', `ticket_${scene}`)]

/** A message or event of one user, numbered and dated: the same for every attempt, copy and replay. */
export interface Composition {
  readonly id: string
  readonly user: WechatUser
  /** Undefined for events. */
  readonly msgId?: bigint
  /** Unix seconds. */
  readonly createTime: number
  readonly composed: Composed
  /** The whole plaintext. */
  readonly xml: string
}
