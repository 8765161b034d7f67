/** Files of a mail: into the media store, and what the desk and the bot see of them. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { TongdaError } from '../../src/core/errors.ts'
import type { MediaRef, Part } from '../../src/core/message.ts'
import type { MailFile } from './mime/mail.ts'

/** Pictures that the text shows and that are smaller are logos and spacers. */
const logoBytes = 5_000

export interface StoredFiles {
  readonly parts: readonly Part[]
  /** Media ids of pictures that the HTML shows, by Content-ID. */
  readonly inline: Readonly<Record<string, string>>
}

export type SaveFile = (bytes: Uint8Array) => Promise<MediaRef>

/** Stores one file; what is over the limit is named, not stored. Throws when the store is away. */
export const createSaveFile =
  ({ media }: Pick<ChannelHost, 'media'>): SaveFile =>
  async (bytes) => {
    try {
      return await media.save(bytes)
    } catch (error) {
      if (error instanceof TongdaError && error.code === 'bad_input')
        return { bytes: bytes.byteLength, failure: 'too_large' }
      throw error
    }
  }

/** Typed by content: what calls itself a picture and is none is a file. */
const partOf = ({ name }: MailFile, media: MediaRef): Part => {
  const type = media.contentType ?? ''
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(type)) return { kind: 'image', media, alt: name }
  return type.startsWith('video/') ? { kind: 'video', media } : { kind: 'file', media, name }
}

export const storeFiles = async (files: readonly MailFile[], save: SaveFile): Promise<StoredFiles> => {
  const parts: Part[] = []
  const inline: Record<string, string> = {}
  for (const file of files) {
    const media = await save(file.bytes)
    if (file.shown && file.cid !== undefined && media.mediaId !== undefined)
      Object.defineProperty(inline, file.cid, { value: media.mediaId, enumerable: true })
    if (!(file.shown && file.bytes.byteLength < logoBytes)) parts.push(partOf(file, media))
  }
  return { parts, inline }
}
