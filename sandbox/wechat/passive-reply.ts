// Answers on the request itself: official-account documentation, "被动回复用户消息". Read as strictly as can be
// justified, because the real platform answers every irregularity with the same sentence to the user.
import type { WechatAccount } from './account.ts'
import { open } from '../kit/wx-crypto.ts'
import type { ShelvedMedia, WechatMediaKind } from './media-shelf.ts'
import type { ShownArticle, TranscriptContent } from './transcript.ts'
import { child, readXml } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** A passive reply as the trace shows it. */
export interface ReplyView {
  readonly msgType: string
  readonly encrypted: boolean
  readonly content: TranscriptContent
}

/** What a response body means. `plain` is the decrypted XML. */
export type ReplyReading =
  | { readonly kind: 'acknowledged' }
  | {
      readonly kind: 'reply'
      readonly view: ReplyView
      readonly plain: string
      readonly problems: readonly string[]
    }
  | { readonly kind: 'invalid'; readonly problem: string; readonly plain?: string }

/** What the reply must fit to. */
export interface ReplyContext {
  readonly account: WechatAccount
  readonly openid: string
  /** `MsgType` of what is being answered. */
  readonly answering: string
  readonly findMedia: (mediaId: string) => ShelvedMedia | undefined
}

const maxTextBytes = 2048

/** Reads a response body; `problems` are what the platform forgives but a careful adapter avoids. */
export const readReply = (body: Buffer, context: ReplyContext): ReplyReading => {
  const text = decodeUtf8(body)
  if (text === undefined) return invalid('the body is not UTF-8')
  if (text === '' || text === 'success') return { kind: 'acknowledged' }
  const outer = readXml(text)
  if (!outer.ok) return invalid(`not an XML reply: ${outer.problem}`)
  const { mode } = context.account
  const sealed = child(outer.root, 'Encrypt')
  if (sealed === undefined) {
    if (mode === 'safe') return invalid('plain reply, but the account is in safe mode')
    return readPlain(text, outer.root, context, false)
  }
  if (mode === 'plain') return invalid('encrypted reply, but the account is in plain mode')
  return readSealed(outer.root, sealed.text, context)
}

const invalid = (problem: string, plain?: string): ReplyReading =>
  plain === undefined ? { kind: 'invalid', problem } : { kind: 'invalid', problem, plain }

const decodeUtf8 = (body: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

const readSealed = (root: XmlElement, encrypted: string, context: ReplyContext): ReplyReading => {
  const { account } = context
  const names = root.children.map((each) => each.name).sort()
  if (root.name !== 'xml' || names.join() !== 'Encrypt,MsgSignature,Nonce,TimeStamp') {
    return invalid('an encrypted reply holds exactly Encrypt, MsgSignature, TimeStamp and Nonce')
  }
  const value = (name: string): string => child(root, name)?.text ?? ''
  const envelope = {
    encrypted,
    msgSignature: value('MsgSignature'),
    timestamp: value('TimeStamp'),
    nonce: value('Nonce'),
  }
  if (!/^\d{1,12}$/.test(envelope.timestamp)) return invalid('TimeStamp is not Unix seconds')
  const opened = open(envelope, account.token, {
    encodingAesKey: account.encodingAesKey,
    receiveId: account.appId,
  })
  if (!opened.ok) return invalid(`the encrypted reply cannot be opened (${opened.fault})`)
  const plain = decodeUtf8(opened.message)
  if (plain === undefined) return invalid('the decrypted reply is not UTF-8')
  const inner = readXml(plain)
  return inner.ok
    ? readPlain(plain, inner.root, context, true)
    : invalid(`the decrypted reply is not XML: ${inner.problem}`, plain)
}

const readPlain = (
  plain: string,
  root: XmlElement,
  context: ReplyContext,
  encrypted: boolean,
): ReplyReading => {
  const value = (name: string): string => child(root, name)?.text ?? ''
  if (root.name !== 'xml') return invalid('the root element is not <xml>', plain)
  if (value('ToUserName') !== context.openid) return invalid('ToUserName is not the sender', plain)
  if (value('FromUserName') !== context.account.originalId) {
    return invalid('FromUserName is not the account', plain)
  }
  if (!/^\d{1,12}$/.test(value('CreateTime'))) return invalid('CreateTime is not Unix seconds', plain)
  const msgType = value('MsgType')
  const reader = Object.hasOwn(readers, msgType) ? readers[msgType] : undefined
  if (reader === undefined) return invalid(`MsgType "${msgType}" cannot be a reply`, plain)
  const content = reader(root, context)
  if (typeof content === 'string') return invalid(content, plain)
  const known = new Set(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', ...(fieldsOf[msgType] ?? [])])
  const strange = root.children.map((each) => each.name).filter((name) => !known.has(name))
  return {
    kind: 'reply',
    plain,
    view: { msgType, encrypted, content },
    problems: strange.map((name) => `<${name}> does not belong into a ${msgType} reply`),
  }
}

/** Reads the part of a reply that depends on its type; a string says what is wrong. */
type ContentReader = (root: XmlElement, context: ReplyContext) => TranscriptContent | string

const text = (element: XmlElement | undefined, name: string): string =>
  element === undefined ? '' : (child(element, name)?.text ?? '')

/** The media id inside `<Image>`, `<Voice>`, `<Video>`, checked against the shelf. */
const mediaIn = (
  root: XmlElement,
  name: string,
  kind: WechatMediaKind,
  context: ReplyContext,
): { readonly mediaId: string; readonly element: XmlElement } | string => {
  const element = child(root, name)
  const mediaId = text(element, 'MediaId')
  if (element === undefined || mediaId === '') return `<${name}><MediaId> is missing`
  const media = context.findMedia(mediaId)
  if (media === undefined) return `MediaId in <${name}> is unknown or older than three days`
  return media.kind === kind ? { mediaId, element } : `MediaId in <${name}> is of kind ${media.kind}`
}

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  text: ['Content'],
  image: ['Image'],
  voice: ['Voice'],
  video: ['Video'],
  music: ['Music'],
  news: ['ArticleCount', 'Articles'],
  transfer_customer_service: ['TransInfo'],
}

const readers: Readonly<Record<string, ContentReader>> = {
  text: (root) => {
    const content = text(root, 'Content')
    if (content === '') return 'Content is empty; answer "success" instead'
    const bytes = Buffer.byteLength(content)
    return bytes > maxTextBytes
      ? `Content has ${bytes} bytes, allowed are ${maxTextBytes}`
      : { kind: 'text', text: content }
  },
  image: (root, context) => {
    const media = mediaIn(root, 'Image', 'image', context)
    return typeof media === 'string' ? media : { kind: 'image', mediaId: media.mediaId }
  },
  voice: (root, context) => {
    const media = mediaIn(root, 'Voice', 'voice', context)
    return typeof media === 'string' ? media : { kind: 'voice', mediaId: media.mediaId }
  },
  video: (root, context) => {
    const media = mediaIn(root, 'Video', 'video', context)
    if (typeof media === 'string') return media
    return {
      kind: 'video',
      mediaId: media.mediaId,
      title: text(media.element, 'Title'),
      description: text(media.element, 'Description'),
    }
  },
  music: (root, context) => {
    const music = child(root, 'Music')
    if (context.findMedia(text(music, 'ThumbMediaId'))?.kind !== 'thumb') return 'ThumbMediaId is no thumb'
    return {
      kind: 'music',
      title: text(music, 'Title'),
      description: text(music, 'Description'),
      url: text(music, 'MusicUrl'),
    }
  },
  news: (root, context) => {
    const items = child(root, 'Articles')?.children.filter((each) => each.name === 'item') ?? []
    const most = context.answering === 'event' ? 8 : 1
    if (text(root, 'ArticleCount') !== String(items.length)) return 'ArticleCount is not the number of items'
    if (items.length === 0 || items.length > most) return `${items.length} articles, allowed are 1 to ${most}`
    const articles = items.map(readArticle)
    return articles.some((article) => article.title === '')
      ? 'an article has no Title'
      : { kind: 'news', articles }
  },
  transfer_customer_service: () => ({ kind: 'other', type: 'transfer_customer_service' }),
}

const readArticle = (item: XmlElement): ShownArticle => ({
  title: text(item, 'Title'),
  description: text(item, 'Description'),
  pictureUrl: text(item, 'PicUrl'),
  url: text(item, 'Url'),
})
