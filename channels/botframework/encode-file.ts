/**
 * Files on their way out: the channel fetches them by our link. Source: Bot Connector REST API "Add media attachments";
 * Teams "Send and receive inline images", "Types of cards".
 */
import { ChannelError } from '../../src/core/errors.ts'
import { cleanText } from '../kit/index.ts'
import type { FilePart, OutgoingActivity, OutgoingAttachment } from './encode.ts'
import type { Reference } from './reference.ts'
import { isLoopback } from './service-url.ts'

/** A stored file with the address under which it can be fetched for a while. */
export interface OutgoingFile {
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly link: string
}

type Place = Pick<Reference, 'channelId' | 'serviceUrl'>

interface Pictures {
  readonly contentTypes: readonly string[]
  readonly maxBytes: number
  /** Largest one that may stand in the activity itself, in bytes before base64. */
  readonly maxInlineBytes: number
}

/** An activity of 256 kB holds so much beside its address. */
const webPictures: Pictures = {
  contentTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
  maxBytes: 20_971_520,
  maxInlineBytes: 180_000,
}
/** Teams takes messages of about 28 kB. */
const teamsPictures: Pictures = {
  contentTypes: ['image/png', 'image/jpeg', 'image/gif'],
  maxBytes: 1_048_576,
  maxInlineBytes: 18_000,
}

/** What browsers play; anything else is offered to be saved. */
const played = /^(?:audio\/(?:mpeg|wav|ogg|mp4|x-m4a)|video\/mp4)$/

const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
}

const words: Readonly<Record<FilePart['kind'], string>> = {
  image: '图片',
  audio: '语音',
  video: '视频',
  file: '文件',
}

const nameOf = (part: FilePart, contentType: string): string => {
  if (part.kind === 'file') return cleanText(part.name).slice(0, 120)
  const ending = Object.hasOwn(endings, contentType) ? endings[contentType] : undefined
  return ending === undefined ? words[part.kind] : `${words[part.kind]}.${ending}`
}

/** Whether the channel can fetch the address: by https from outside, or by both being on this machine. */
const isFetchable = (link: string, serviceUrl: string): boolean => {
  const { protocol, hostname } = new URL(link)
  if (isLoopback(hostname)) return isLoopback(new URL(serviceUrl).hostname)
  return protocol === 'https:'
}

const message = (attachment: OutgoingAttachment): OutgoingActivity => ({
  type: 'message',
  inputHint: 'acceptingInput',
  attachments: [attachment],
})

/** A card with a button: Teams shows nothing but pictures by their address. */
const linkCard = (title: string, link: string): OutgoingActivity =>
  message({
    contentType: 'application/vnd.microsoft.card.hero',
    content: { title, buttons: [{ type: 'openUrl', title: '打开 Open', value: link }] },
  })

/** The picture itself, by its address or within the activity; undefined: it cannot be shown there. */
const encodePicture = (
  part: FilePart,
  { contentType, bytes, link }: OutgoingFile,
  { channelId, serviceUrl }: Place,
): OutgoingActivity | undefined => {
  const limits = channelId === 'msteams' ? teamsPictures : webPictures
  if (!limits.contentTypes.includes(contentType) || bytes.length > limits.maxBytes) return undefined
  const name = nameOf(part, contentType)
  if (isFetchable(link, serviceUrl)) return message({ contentType, contentUrl: link, name })
  if (bytes.length > limits.maxInlineBytes) return undefined
  const contentUrl = `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`
  return message({ contentType, contentUrl, name })
}

/** What a file becomes on a channel. Throws `ChannelError` `permanent` when the channel has no way to it. */
export const encodeFile = (part: FilePart, file: OutgoingFile, place: Place): OutgoingActivity => {
  const picture = part.kind === 'image' ? encodePicture(part, file, place) : undefined
  if (picture !== undefined) return picture
  const { contentType, link } = file
  if (!isFetchable(link, place.serviceUrl))
    throw new ChannelError('botframework', 'permanent', `a ${part.kind} cannot be fetched by the channel`, {
      hint: 'set server.publicUrl to the https address under which contacts reach this server',
    })
  const name = nameOf(part, contentType)
  if (place.channelId === 'msteams') return linkCard(name, link)
  const shownType = played.test(contentType) ? contentType : 'application/octet-stream'
  return message({ contentType: shownType, contentUrl: link, name })
}
