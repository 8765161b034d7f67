// Bodies of POST /cgi-bin/message/custom/send: official-account documentation, "发送客服消息".
import { z } from 'zod'
import type { ShelvedMedia, WechatMediaKind } from './media-shelf.ts'
import type { TranscriptContent } from './transcript.ts'

/** A refusal with HTTP 200. */
export interface Refusal {
  readonly errcode: number
  readonly errmsg: string
}

/** A checked message: for whom and what they will see. */
export interface CheckedSend {
  readonly openid: string
  readonly content: TranscriptContent
}

/** What the body is held against. */
export interface SendContext {
  readonly findMedia: (mediaId: string) => ShelvedMedia | undefined
  readonly isUser: (openid: string) => boolean
  /** False: menus are refused, as for subscription and test accounts. */
  readonly mayMenu: boolean
}

const maxTextBytes = 2048

/** A refusal; the platform appends the request's id to every errmsg. */
export const refuse = (errcode: number, errmsg: string): Refusal => ({ errcode, errmsg })

const frame = z.looseObject({
  touser: z.string().min(1),
  msgtype: z.string(),
  customservice: z.object({ kf_account: z.string() }).optional(),
})

/** Checks a parsed body in the platform's order; the first fault wins. */
export const checkSend = (body: unknown, context: SendContext): CheckedSend | Refusal => {
  const framed = frame.safeParse(body)
  if (!framed.success) return refuse(40035, 'invalid parameter: touser and msgtype')
  const { touser, msgtype, customservice } = framed.data
  if (!context.isUser(touser)) return refuse(40003, 'invalid openid')
  const reader = Object.hasOwn(readers, msgtype) ? readers[msgtype] : undefined
  if (reader === undefined) return refuse(40008, 'invalid message type')
  if (customservice !== undefined) return refuse(61452, 'invalid kf_account')
  const content = reader(framed.data[msgtype], context)
  return 'errcode' in content ? content : { openid: touser, content }
}

type BodyReader = (body: unknown, context: SendContext) => TranscriptContent | Refusal

/** A reader that checks the shape first. */
const reads =
  <Body>(
    shape: z.ZodType<Body>,
    read: (body: Body, context: SendContext) => TranscriptContent | Refusal,
  ): BodyReader =>
  (body, context) => {
    const parsed = shape.safeParse(body)
    if (parsed.success) return read(parsed.data, context)
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    return refuse(40035, `invalid parameter: ${where === '' ? 'body' : where}`)
  }

/** The refusal for an unusable media id; undefined when it is good. */
const mediaFault = (mediaId: string, kind: WechatMediaKind, context: SendContext): Refusal | undefined =>
  context.findMedia(mediaId)?.kind === kind ? undefined : refuse(40007, 'invalid media_id')

const withMedia = z.object({ media_id: z.string() })

const readVideo = reads(
  z.object({
    media_id: z.string(),
    thumb_media_id: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
  }),
  (body, context) =>
    mediaFault(body.media_id, 'video', context) ??
    (body.thumb_media_id === undefined ? undefined : mediaFault(body.thumb_media_id, 'thumb', context)) ?? {
      kind: 'video',
      mediaId: body.media_id,
      ...(body.title === undefined ? {} : { title: body.title }),
      ...(body.description === undefined ? {} : { description: body.description }),
    },
)

const readNews = reads(
  z.object({
    articles: z.array(
      z.object({
        title: z.string(),
        description: z.string().default(''),
        url: z.string().default(''),
        picurl: z.string().default(''),
      }),
    ),
  }),
  ({ articles }) => {
    if (articles.length > 1) return refuse(45008, 'article size out of limit')
    if (articles.length === 0) return refuse(44003, 'empty news data')
    return {
      kind: 'news',
      articles: articles.map(({ title, description, url, picurl }) => ({
        title,
        description,
        url,
        pictureUrl: picurl,
      })),
    }
  },
)

const readMenu = reads(
  z.object({
    head_content: z.string(),
    list: z.array(z.object({ id: z.string().min(1), content: z.string().min(1) })).min(1),
    tail_content: z.string().default(''),
  }),
  (body, context) =>
    context.mayMenu
      ? {
          kind: 'menu',
          head: body.head_content,
          entries: body.list.map(({ id, content }) => ({ id, label: content })),
          tail: body.tail_content,
        }
      : refuse(40200, 'invalid account type'),
)

const readers: Readonly<Record<string, BodyReader>> = {
  text: reads(z.object({ content: z.string() }), ({ content }) => {
    if (content === '') return refuse(44004, 'empty content')
    if (Buffer.byteLength(content) > maxTextBytes) return refuse(45002, 'content size out of limit')
    return { kind: 'text', text: content }
  }),
  image: reads(
    withMedia,
    ({ media_id: mediaId }, context) => mediaFault(mediaId, 'image', context) ?? { kind: 'image', mediaId },
  ),
  voice: reads(
    withMedia,
    ({ media_id: mediaId }, context) => mediaFault(mediaId, 'voice', context) ?? { kind: 'voice', mediaId },
  ),
  video: readVideo,
  music: reads(
    z.object({
      title: z.string().default(''),
      description: z.string().default(''),
      musicurl: z.string(),
      hqmusicurl: z.string(),
      thumb_media_id: z.string(),
    }),
    (body, context) =>
      mediaFault(body.thumb_media_id, 'thumb', context) ?? {
        kind: 'music',
        title: body.title,
        description: body.description,
        url: body.musicurl,
      },
  ),
  news: readNews,
  // Its media ids vanished with the draft box; the call is still documented.
  mpnews: reads(withMedia, () => refuse(40007, 'invalid media_id')),
  mpnewsarticle: reads(z.object({ article_id: z.string().min(1) }), ({ article_id: title }) => ({
    kind: 'card',
    card: 'mpnewsarticle',
    title,
  })),
  msgmenu: readMenu,
  wxcard: reads(z.object({ card_id: z.string().min(1) }), ({ card_id: title }) => ({
    kind: 'card',
    card: 'wxcard',
    title,
  })),
  miniprogrampage: reads(
    z.object({
      title: z.string(),
      appid: z.string().min(1),
      pagepath: z.string().min(1),
      thumb_media_id: z.string(),
    }),
    (body, context) =>
      mediaFault(body.thumb_media_id, 'image', context) ?? {
        kind: 'card',
        card: 'miniprogrampage',
        title: body.title,
      },
  ),
}
