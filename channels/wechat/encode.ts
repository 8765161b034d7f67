/**
 * From the message model to WeChat's bodies: customer-service messages and passive replies.
 * Source: developers.weixin.qq.com 发送客服消息, 被动回复用户消息.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChoicesPart, LinkPart, OutboundMessage, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import { numberedChoices, tappableChoices } from './choices-text.ts'
import type { ReplyFields } from './xml.ts'

/** WeChat's handles for a message's files. */
export interface Handles {
  readonly mediaId: string
  readonly thumbMediaId?: string
}

/** How choices are shown. */
export type ChoiceStyle = 'menu' | 'links' | 'numbered'

/** WeChat's own limit on a text, in UTF-8 bytes. */
const hardLimitBytes = 2_048

const cannotShow = (kind: string): ChannelError =>
  new ChannelError('wechat', 'permanent', `a ${kind} cannot be sent on WeChat; send its text or a link`)

const handleOf = (part: Part, handles: Handles | undefined): Handles => {
  if (handles === undefined) throw cannotShow(`${part.kind} without a file`)
  return handles
}

const article = ({ url, title, description }: LinkPart) => ({
  title: title ?? url,
  description: description ?? '',
  url,
})

const choicesText = (part: ChoicesPart, style: Exclude<ChoiceStyle, 'menu'>): string => {
  const tappable = style === 'links' ? tappableChoices(part) : ''
  return tappable !== '' && Buffer.byteLength(tappable) <= hardLimitBytes ? tappable : numberedChoices(part)
}

const menuOf = ({ prompt, choices, footer }: ChoicesPart) => ({
  head_content: cleanText(prompt),
  list: choices.map(({ id, label }) => ({ id, content: cleanText(label) })),
  tail_content: cleanText(footer ?? ''),
})

const sendContent = (
  part: Part,
  handles: Handles | undefined,
  style: ChoiceStyle,
): Record<string, unknown> => {
  switch (part.kind) {
    case 'text':
      return { msgtype: 'text', text: { content: cleanText(part.text) } }
    case 'image':
      return { msgtype: 'image', image: { media_id: handleOf(part, handles).mediaId } }
    case 'audio':
      return { msgtype: 'voice', voice: { media_id: handleOf(part, handles).mediaId } }
    case 'video': {
      const { mediaId, thumbMediaId } = handleOf(part, handles)
      const thumb = thumbMediaId === undefined ? {} : { thumb_media_id: thumbMediaId }
      return { msgtype: 'video', video: { media_id: mediaId, ...thumb } }
    }
    case 'link':
      return { msgtype: 'news', news: { articles: [article(part)] } }
    case 'choices':
      return style === 'menu'
        ? { msgtype: 'msgmenu', msgmenu: menuOf(part) }
        : { msgtype: 'text', text: { content: cleanText(choicesText(part, style)) } }
    case 'file':
    case 'location':
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw cannotShow(part.kind)
    default:
      return part satisfies never
  }
}

/** The body of `POST /cgi-bin/message/custom/send`. Throws `ChannelError` for what WeChat cannot show. */
export const encodeSend = (
  message: Pick<OutboundMessage, 'contactKey' | 'part'>,
  handles: Handles | undefined,
  style: ChoiceStyle,
): Record<string, unknown> => ({ touser: message.contactKey, ...sendContent(message.part, handles, style) })

const replyText = (text: string): ReplyFields => {
  const content = cleanText(text)
  if (Buffer.byteLength(content) > hardLimitBytes)
    throw new ChannelError('wechat', 'too_long', 'the text is too long for a passive reply')
  return { MsgType: 'text', Content: content }
}

const replyContent = (part: Part, handles: Handles | undefined, style: ChoiceStyle): ReplyFields => {
  switch (part.kind) {
    case 'text':
      return replyText(part.text)
    case 'image':
      return { MsgType: 'image', Image: { MediaId: handleOf(part, handles).mediaId } }
    case 'audio':
      return { MsgType: 'voice', Voice: { MediaId: handleOf(part, handles).mediaId } }
    case 'video':
      return { MsgType: 'video', Video: { MediaId: handleOf(part, handles).mediaId } }
    case 'link': {
      const { title, description, url } = article(part)
      const articles = [{ Title: title, Description: description, PicUrl: '', Url: url }]
      return { MsgType: 'news', ArticleCount: articles.length, Articles: articles }
    }
    case 'choices':
      // A native menu cannot ride on a reply; its links can.
      return replyText(choicesText(part, style === 'numbered' ? 'numbered' : 'links'))
    case 'file':
    case 'location':
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw cannotShow(part.kind)
    default:
      return part satisfies never
  }
}

/** Who gets a passive reply and who sends it: the request's two names, swapped. */
export interface ReplyAddress {
  readonly contactKey: string
  readonly accountKey: string
}

/** A passive reply's fields. Its time is the answer's, so that a retry gets the same bytes. Throws `ChannelError`. */
export const encodeReply = (
  message: Pick<OutboundMessage, 'part' | 'createdAt'>,
  address: ReplyAddress,
  handles: Handles | undefined,
  style: ChoiceStyle,
): ReplyFields => ({
  ToUserName: address.contactKey,
  FromUserName: address.accountKey,
  CreateTime: Math.floor(message.createdAt.getTime() / 1_000),
  ...replyContent(message.part, handles, style),
})
