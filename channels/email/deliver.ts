/** Delivery: limits for machines, then encode, then the SMTP server. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { DeliveryReceipt, OutboundMessage, Part } from '../../src/core/message.ts'
import type { AutoReplyLimit } from './auto-reply-limit.ts'
import type { SendMail } from './client.ts'
import type { AttachedFile, ShownPicture } from './encode.ts'
import { encode, nameOfPart, recipientOf } from './encode.ts'
import { mailsOf } from './facts.ts'
import type { EmailConfig } from './manifest.ts'
import type { MessageIds } from './message-id.ts'
import type { SentCopies } from './sent-copies.ts'

export interface DeliverDeps {
  readonly config: EmailConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'messageLog' | 'media' | 'secret'>
  readonly ids: MessageIds
  readonly limit: AutoReplyLimit
  readonly sendMail: SendMail
  /** Keeps copies of what was sent; undefined: the provider does, or nobody. */
  readonly copies: SentCopies | undefined
}

/** Messages looked through for the mail that is answered. */
const lookBack = 50

const mediaOf = (part: Part): string | undefined => {
  switch (part.kind) {
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return part.media.mediaId
    default:
      return undefined
  }
}

export const createDeliver = ({ config, host, ids, limit, sendMail, copies }: DeliverDeps) => {
  const fileOf = async (part: Part): Promise<AttachedFile | undefined> => {
    const mediaId = mediaOf(part)
    if (mediaId === undefined) return undefined
    const found = await host.media.find(mediaId)
    if (found === undefined)
      throw new ChannelError('email', 'permanent', 'send: the file to attach is not stored any more')
    const { contentType } = found.media
    return { name: nameOfPart(part, contentType), contentType, bytes: found.bytes }
  }

  /** A picture that is gone takes no words with it. */
  const picturesOf = async (part: Part): Promise<readonly ShownPicture[]> =>
    Promise.all(
      (part.kind === 'text' ? (part.pictures ?? []) : []).map(async ({ after, alt, media }, place) => {
        const found = media.mediaId === undefined ? undefined : await host.media.find(media.mediaId)
        if (found === undefined) return { after, alt }
        const { contentType } = found.media
        const name = nameOfPart({ kind: 'image', media }, contentType)
        const cid = `picture-${place + 1}@tongda`
        return { after, alt, file: { name, contentType, bytes: found.bytes, cid } }
      }),
    )

  return async (message: OutboundMessage): Promise<DeliveryReceipt> => {
    const { id, threadKey, contactKey, part, author } = message
    const said = await host.messageLog.latest({ inboxId: host.inboxId, threadKey, limit: lookBack })
    const mails = mailsOf(said)
    const address = recipientOf(contactKey, mails)
    if (author !== 'agent' && !(await limit.take({ outboundId: id, threadKey, contactKey, address })))
      throw new ChannelError('email', 'permanent', 'send: too many automatic answers to this address', {
        hint: '今日自动回复已达上限（防邮件循环），请人工回复 / the limit of automatic answers is reached; answer in person',
      })
    const tokenKey = await host.secret('email-reply-token')
    const [file, pictures] = await Promise.all([fileOf(part), picturesOf(part)])
    const mail = encode(message, { config, ids, tokenKey, mails, file, pictures })
    await sendMail(mail, message.attempt)
    copies?.keep(mail)
    return { providerId: ids.of(id) }
  }
}
