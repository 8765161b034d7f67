/** From the message model to what the bridge says. */
import { ChannelError } from '../../src/core/errors.ts'
import type { MediaStore } from '../../src/core/media.ts'
import type { MediaRef, OutboundMessage, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import type { Saying } from './client.ts'
import { roomOf } from './decode.ts'

const cannotShow = (what: string, hint: string): ChannelError =>
  new ChannelError('wechaty', 'permanent', `${what} cannot be sent`, { hint })

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
}

const readFile = async (
  media: MediaRef,
  store: Pick<MediaStore, 'find'>,
  name?: string,
): Promise<Saying['content']> => {
  const found = media.mediaId === undefined ? undefined : await store.find(media.mediaId)
  if (found === undefined) throw cannotShow('a file that is not in the media store', 'attach it again')
  const ending = endings[found.media.contentType] ?? 'bin'
  return { name: name ?? `file.${ending}`, base64: Buffer.from(found.bytes).toString('base64') }
}

const contentOf = (part: Part, store: Pick<MediaStore, 'find'>): Promise<Saying['content']> => {
  switch (part.kind) {
    case 'text':
      return Promise.resolve({ text: cleanText(part.text) })
    case 'image':
    case 'video':
      return readFile(part.media, store)
    case 'file':
      return readFile(part.media, store, part.name)
    case 'audio':
    case 'location':
    case 'link':
    case 'sticker':
    case 'choices':
    case 'event':
    case 'unsupported':
      return Promise.reject(cannotShow(`a ${part.kind}`, 'send its text or a link'))
    default:
      return part satisfies never
  }
}

/** What is said for a message. Throws `ChannelError` for what WeChat cannot be shown. */
export const encode = async (
  { contactKey, threadKey, part }: Pick<OutboundMessage, 'contactKey' | 'threadKey' | 'part'>,
  store: Pick<MediaStore, 'find'>,
): Promise<Saying> => {
  const roomId = roomOf(contactKey, threadKey)
  return {
    contactId: contactKey,
    ...(roomId === undefined ? {} : { roomId }),
    content: await contentOf(part, store),
  }
}
