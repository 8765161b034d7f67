/** A part as the activity that carries it; its file is looked up. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Part } from '../../src/core/message.ts'
import type { FilePart, OutgoingActivity } from './encode.ts'
import { encode } from './encode.ts'
import { encodeFile } from './encode-file.ts'
import type { Reference } from './reference.ts'

const hasFile = (part: Part): part is FilePart =>
  part.kind === 'image' || part.kind === 'audio' || part.kind === 'video' || part.kind === 'file'

export type ToActivity = (part: Part, reference: Reference) => Promise<OutgoingActivity>

/** Throws `ChannelError` for what cannot be sent. */
export const createToActivity =
  ({ media, linkTo }: Pick<ChannelHost, 'media' | 'linkTo'>): ToActivity =>
  async (part, reference) => {
    if (!hasFile(part)) return encode(part, reference.channelId)
    const { mediaId } = part.media
    const found = mediaId === undefined ? undefined : await media.find(mediaId)
    if (mediaId === undefined || found === undefined)
      throw new ChannelError('botframework', 'permanent', 'the file is not in the media store', {
        hint: 'attach it again',
      })
    const { contentType } = found.media
    return encodeFile(part, { contentType, bytes: found.bytes, link: linkTo(mediaId) }, reference)
  }
