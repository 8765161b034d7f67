/** From the message model to the JSON we send, as a schema: the documentation is made from it. */
import { z } from 'zod'
import type { MediaStore } from '../../src/core/media.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { MediaRef, OutboundMessage, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import { threadOf } from './decode.ts'

const file = z
  .strictObject({ contentType: z.string(), base64: z.string() })
  .describe('The file itself, typed by its content.')

const outboundPart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('image'), media: file, alt: z.string().optional() }),
  z.strictObject({ kind: z.literal('audio'), media: file }),
  z.strictObject({ kind: z.literal('video'), media: file }),
  z.strictObject({ kind: z.literal('file'), media: file, name: z.string() }),
  z.strictObject({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('link'),
    url: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('sticker'), name: z.string() }),
  z.strictObject({
    kind: z.literal('choices'),
    prompt: z.string(),
    choices: z.array(z.strictObject({ id: z.string(), label: z.string() })),
    footer: z.string().optional(),
  }),
])

/** The body of what we post to `webhookUrl`. */
export const outboundBody = z
  .strictObject({
    type: z.literal('message.created'),
    timestamp: z.iso.datetime().describe('When the message was made.'),
    data: z.strictObject({
      id: z
        .string()
        .describe(
          'Our id of the message, the same as `webhook-id` and over all tries: keep it and show nothing twice.',
        ),
      inbox: z.string(),
      conversationId: z.string(),
      contact: z.strictObject({ id: z.string() }).describe('Whom it is for, by your id.'),
      thread: z.string().optional().describe('Your thread; absent when the contact wrote without one.'),
      author: z.enum(['bot', 'agent', 'survey', 'system']),
      inReplyTo: z.string().optional().describe('Your id of the message it answers, when known.'),
      part: outboundPart,
    }),
  })
  .meta({ title: 'A message to a contact' })

type OutboundBody = z.output<typeof outboundBody>
type OutboundPart = OutboundBody['data']['part']

/** Largest file that travels within a message. */
export const maxInlineBytes = 5_242_880

const cannotShow = (what: string, hint: string): ChannelError =>
  new ChannelError('api', 'permanent', `${what} cannot be sent`, { hint })

const readFile = async (media: MediaRef, store: Pick<MediaStore, 'find'>): Promise<z.output<typeof file>> => {
  const found = media.mediaId === undefined ? undefined : await store.find(media.mediaId)
  if (found === undefined) throw cannotShow('a file that is not in the media store', 'attach it again')
  if (found.bytes.length > maxInlineBytes)
    throw cannotShow('a file of this size', `send a link, or a file of at most ${maxInlineBytes} bytes`)
  return {
    contentType: found.media.contentType,
    base64: Buffer.from(found.bytes).toString('base64'),
  }
}

const encodePart = async (part: Part, store: Pick<MediaStore, 'find'>): Promise<OutboundPart> => {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: cleanText(part.text) }
    case 'image': {
      const alt = part.alt === undefined ? {} : { alt: part.alt }
      return { kind: 'image', media: await readFile(part.media, store), ...alt }
    }
    case 'audio':
    case 'video':
      return { kind: part.kind, media: await readFile(part.media, store) }
    case 'file':
      return { kind: 'file', media: await readFile(part.media, store), name: part.name }
    case 'sticker':
      return { kind: 'sticker', name: part.name }
    case 'location':
    case 'link':
    case 'choices':
      return outboundPart.parse(part)
    case 'event':
    case 'unsupported':
      throw cannotShow(`an ${part.kind}`, 'send text')
    default:
      return part satisfies never
  }
}

/** The body of one message; the same for every try. Throws `ChannelError` for what cannot be sent. */
export const encode = async (
  message: OutboundMessage,
  store: Pick<MediaStore, 'find'>,
): Promise<OutboundBody> => {
  const { id, inboxId, conversationId, contactKey, threadKey, author, inReplyTo } = message
  const thread = threadOf(contactKey, threadKey)
  return {
    type: 'message.created',
    timestamp: message.createdAt.toISOString(),
    data: {
      id,
      inbox: inboxId,
      conversationId,
      contact: { id: contactKey },
      ...(thread === undefined ? {} : { thread }),
      author,
      ...(inReplyTo === undefined ? {} : { inReplyTo }),
      part: await encodePart(message.part, store),
    },
  }
}
