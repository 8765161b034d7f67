/** From the message model to Telegram's calls. Source: core.telegram.org/bots/api#available-methods. */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChoicesPart, MediaRef, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'

/** The ways a file goes: Telegram has one call for each, with the file in a field of that name. */
export const fileFields = ['photo', 'animation', 'voice', 'audio', 'video', 'document'] as const
export type FileField = (typeof fileFields)[number]

/** What is to be sent; files are still ours. */
export type Outgoing =
  | { readonly kind: 'text'; readonly text: string; readonly choices?: ChoicesPart }
  | {
      readonly kind: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly label?: string
    }
  | {
      readonly kind: 'file'
      readonly media: MediaRef
      readonly field: (file: FileFacts) => FileField
      readonly name: string
    }

/** A file of ours, typed by content. */
export interface FileFacts {
  readonly contentType: string
  readonly bytes: number
}

/** Telegram's own limit for photos; larger pictures go as documents. */
const maxPhotoBytes = 10 * 1_048_576

const pictureField = ({ contentType, bytes }: FileFacts): FileField => {
  if (contentType === 'image/gif') return 'animation'
  return /^image\/(?:jpeg|png|webp)$/.test(contentType) && bytes <= maxPhotoBytes ? 'photo' : 'document'
}

/** Voice messages are OGG with Opus; the music player takes MP3 and M4A; all else is a file. */
const soundField = ({ contentType }: FileFacts): FileField => {
  if (/^(?:audio|application)\/ogg\b/.test(contentType)) return 'voice'
  return /^audio\/(?:mpeg|mp4|x-m4a|aac)$/.test(contentType) ? 'audio' : 'document'
}

const filmField = ({ contentType }: FileFacts): FileField =>
  contentType === 'video/mp4' ? 'video' : 'document'

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/amr': 'amr',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
}

/** A file name for Telegram: the given one without paths, else the kind with the ending of its type. */
export const fileNameOf = (name: string, contentType: string): string => {
  const clean = cleanText(name)
    .replace(/[/\\\r\n\t";]/g, '_')
    .slice(0, 120)
  if (clean.includes('.')) return clean
  const ending = Object.hasOwn(endings, contentType) ? endings[contentType] : undefined
  return ending === undefined ? clean : `${clean}.${ending}`
}

const choicesText = ({ prompt, footer }: ChoicesPart): string =>
  [prompt, footer ?? ''].filter((line) => line.trim() !== '').join('\n')

/** What a part becomes. Throws `ChannelError` for what Telegram cannot show; the renderer degrades those before. */
export const encode = (part: Part): Outgoing => {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: part.text }
    case 'choices':
      return { kind: 'text', text: choicesText(part), choices: part }
    case 'image':
      return { kind: 'file', media: part.media, field: pictureField, name: 'picture' }
    case 'audio':
      return { kind: 'file', media: part.media, field: soundField, name: 'voice' }
    case 'video':
      return { kind: 'file', media: part.media, field: filmField, name: 'video' }
    case 'file':
      return { kind: 'file', media: part.media, field: () => 'document', name: part.name }
    case 'location': {
      const { latitude, longitude, label } = part
      return { kind: 'location', latitude, longitude, ...(label === undefined ? {} : { label }) }
    }
    case 'link':
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw new ChannelError(
        'telegram',
        'permanent',
        `a ${part.kind} cannot be sent on Telegram; send its text`,
      )
    default:
      return part satisfies never
  }
}
