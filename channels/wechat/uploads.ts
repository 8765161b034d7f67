/** Files on their way out: each is uploaded once and its handle shared by all nodes while WeChat keeps it. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { MediaRef, Part } from '../../src/core/message.ts'
import type { CallApi } from './client.ts'
import type { Handles } from './encode.ts'
import type { Upload, UploadType } from './upload-media.ts'
import { isUploadable, uploadMedia } from './upload-media.ts'

/** WeChat keeps temporary files for three days; half a day is left for clocks and queues. */
const handleLifeMs = 60 * 3_600_000

export interface Uploads {
  /** WeChat's handles for a part's files; undefined when it has none. Throws `ChannelError`. */
  handlesFor(part: Part): Promise<Handles | undefined>
  /** Forgets the handles of a part, after WeChat called one expired. */
  forget(part: Part, handles: Handles): Promise<void>
}

const uploadType = (part: Part): { readonly type: UploadType; readonly media: MediaRef } | undefined => {
  if (part.kind === 'image') return { type: 'image', media: part.media }
  if (part.kind === 'audio') return { type: 'voice', media: part.media }
  return part.kind === 'video' ? { type: 'video', media: part.media } : undefined
}

export const createUploads = (
  host: Pick<ChannelHost, 'inboxId' | 'media' | 'cache'>,
  callApi: CallApi,
): Uploads => {
  const keyOf = (type: UploadType, mediaId: string): string =>
    `wechat:upload:${host.inboxId}:${type}:${mediaId}`
  const find = async (media: MediaRef): Promise<Upload | undefined> => {
    const found = media.mediaId === undefined ? undefined : await host.media.find(media.mediaId)
    return found === undefined ? undefined : { contentType: found.media.contentType, bytes: found.bytes }
  }
  const upload = async (type: UploadType, mediaId: string, file: Upload): Promise<string> => {
    const key = keyOf(type, mediaId)
    const known = await host.cache.get(key)
    if (known !== undefined) return known
    const handle = await uploadMedia(callApi, type, file)
    await host.cache.set(key, handle, handleLifeMs)
    return handle
  }
  const thumbOf = async (part: Part): Promise<Pick<Handles, 'thumbMediaId'>> => {
    if (part.kind !== 'video' || part.thumbnail?.mediaId === undefined) return {}
    const file = await find(part.thumbnail)
    // A missing preview is no reason to lose the video.
    if (file === undefined || !isUploadable('thumb', file)) return {}
    return { thumbMediaId: await upload('thumb', part.thumbnail.mediaId, file) }
  }
  return {
    handlesFor: async (part) => {
      const outgoing = uploadType(part)
      if (outgoing === undefined) return undefined
      const file = await find(outgoing.media)
      if (file === undefined || outgoing.media.mediaId === undefined)
        throw new ChannelError(
          'wechat',
          'permanent',
          `upload ${outgoing.type}: the file is not in the media store`,
        )
      const mediaId = await upload(outgoing.type, outgoing.media.mediaId, file)
      return { mediaId, ...(await thumbOf(part)) }
    },
    forget: async (part, { mediaId, thumbMediaId }) => {
      const outgoing = uploadType(part)
      if (outgoing?.media.mediaId !== undefined)
        await host.cache.drop(keyOf(outgoing.type, outgoing.media.mediaId), mediaId)
      if (part.kind === 'video' && part.thumbnail?.mediaId !== undefined && thumbMediaId !== undefined)
        await host.cache.drop(keyOf('thumb', part.thumbnail.mediaId), thumbMediaId)
    },
  }
}
