/**
 * From the message model to Weibo's bodies: answers within the request and customer-service messages.
 * Source: open.weibo.com 发送被动响应消息, 发送客服消息.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { LinkPart, LocationPart, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import type { WeiboConfig } from './manifest.ts'

/** A message's `type` and the JSON of its `data`, not yet URL-encoded. */
export interface Encoded {
  readonly type: 'text' | 'articles' | 'position'
  readonly data: string
}

/** What of the inbox decides how a message looks. */
export type EncodeContext = Pick<WeiboConfig, 'maxTextCharacters' | 'articleImage'>

const cannotShow = (kind: string): ChannelError =>
  new ChannelError('weibo', 'permanent', `a ${kind} cannot be sent on Weibo; send its text or a link`)

const textData = (text: string, { maxTextCharacters }: EncodeContext) => {
  const clean = cleanText(text)
  // Weibo counts characters: a face outside the first plane is one, though JavaScript counts two.
  if (Array.from(clean).length > maxTextCharacters)
    throw new ChannelError('weibo', 'too_long', `the text is longer than ${maxTextCharacters} characters`)
  return { text: clean }
}

const articleData = ({ url, title, description }: LinkPart, { articleImage }: EncodeContext) => {
  if (articleImage === undefined) throw cannotShow('link card without articleImage')
  const article = {
    display_name: cleanText(title ?? url),
    summary: cleanText(description ?? ''),
    image: articleImage,
    url,
  }
  return { articles: [article] }
}

const positionData = ({ longitude, latitude }: LocationPart) => ({
  longitude: String(longitude),
  latitude: String(latitude),
})

/** Encodes a rendered part. Throws `ChannelError` for what Weibo cannot show. */
export const encode = (part: Part, context: EncodeContext): Encoded => {
  switch (part.kind) {
    case 'text':
      return { type: 'text', data: JSON.stringify(textData(part.text, context)) }
    case 'link':
      return { type: 'articles', data: JSON.stringify(articleData(part, context)) }
    case 'location':
      return { type: 'position', data: JSON.stringify(positionData(part)) }
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
    case 'choices':
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw cannotShow(part.kind)
    default:
      return part satisfies never
  }
}

/** Who gets an answer and who gives it: the request's two ids, swapped. */
export interface ReplyAddress {
  readonly contactKey: string
  readonly accountKey: string
}

/**
 * The body of an answer within the request. `data` is JSON, URL-encoded, in a JSON string; `encodeURIComponent` writes a
 * space as `%20`, which every decoder reads the same. Nothing in it comes from the clock: a retry gets the same bytes.
 */
export const encodeReply = ({ type, data }: Encoded, { contactKey, accountKey }: ReplyAddress): string =>
  JSON.stringify({
    result: true,
    sender_id: accountKey,
    receiver_id: contactKey,
    type,
    data: encodeURIComponent(data),
  })
