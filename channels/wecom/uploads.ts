/** Files on their way out: each is uploaded once and its handle shared by all nodes while WeCom keeps it. */
import { readFile } from 'node:fs/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Part } from '../../src/core/message.ts'
import type { CallApi } from './client.ts'
import type { Handle } from './encode.ts'
import type { Upload, UploadType } from './upload-media.ts'
import { uploadMedia, uploadTypeFor } from './upload-media.ts'

/** WeCom keeps temporary files for three days; half a day is left for clocks and queues. */
const handleLifeMs = 60 * 3_600_000

export interface Uploads {
  /** WeCom's handle for a part's file, or a link's thumbnail; undefined when it needs none. Throws `ChannelError`. */
  handleFor(part: Part): Promise<Handle | undefined>
  /** Forgets a part's handle, after WeCom called it expired. */
  forget(part: Part, handle: Handle): Promise<void>
}

/** What is to be uploaded: `id` names it for good. */
interface Outgoing {
  readonly id: string
  readonly wanted: UploadType
  readonly load: () => Promise<Upload>
}

const cleanName = (name: string): string => name.replace(/[\p{Cc}"/\\]/gu, '_').slice(0, 100)

export interface UploadsDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'media' | 'cache'>
  readonly callApi: CallApi
  /** The picture on link cards. */
  readonly linkThumbnail: string | undefined
}

const createOutgoing = ({ host, linkThumbnail }: UploadsDeps) => {
  const stored = (wanted: UploadType, mediaId: string | undefined, name?: string): Outgoing => ({
    id: mediaId ?? '',
    wanted,
    load: async () => {
      const found = mediaId === undefined ? undefined : await host.media.find(mediaId)
      if (found === undefined)
        throw new ChannelError('wecom', 'permanent', `upload ${wanted}: the file is not in the media store`)
      const { media, bytes } = found
      return { contentType: media.contentType, bytes, ...(name === undefined ? {} : { name }) }
    },
  })
  const thumbnail = (path: string): Outgoing => ({
    id: `link:${path}`,
    wanted: 'image',
    load: async () => {
      const bytes = await readFile(path).catch(() => {
        throw new ChannelError('wecom', 'needs_operator', 'upload thumbnail: the file cannot be read', {
          hint: 'correct linkThumbnail, or leave it out',
        })
      })
      return { contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png', bytes }
    },
  })
  return (part: Part): Outgoing | undefined => {
    switch (part.kind) {
      case 'image':
        return stored('image', part.media.mediaId)
      case 'audio':
        return stored('voice', part.media.mediaId)
      case 'video':
        return stored('video', part.media.mediaId)
      case 'file':
        return stored('file', part.media.mediaId, cleanName(part.name))
      case 'link':
        return linkThumbnail === undefined ? undefined : thumbnail(linkThumbnail)
      case 'text':
      case 'location':
      case 'choices':
      case 'sticker':
      case 'event':
      case 'unsupported':
        return undefined
      default:
        return part satisfies never
    }
  }
}

export const createUploads = (deps: UploadsDeps): Uploads => {
  const { host, callApi } = deps
  const outgoingOf = createOutgoing(deps)
  const keyOf = ({ wanted, id }: Outgoing): string => `wecom:upload:${host.inboxId}:${wanted}:${id}`
  const known = async (outgoing: Outgoing): Promise<Handle | undefined> => {
    const [type, mediaId] = (await host.cache.get(keyOf(outgoing)))?.split(' ') ?? []
    const isType = type === 'image' || type === 'voice' || type === 'video' || type === 'file'
    return isType && mediaId !== undefined ? { type, mediaId } : undefined
  }
  return {
    handleFor: async (part) => {
      const outgoing = outgoingOf(part)
      if (outgoing === undefined) return undefined
      const before = await known(outgoing)
      if (before !== undefined) return before
      const file = await outgoing.load()
      const type = uploadTypeFor(outgoing.wanted, file)
      const mediaId = await uploadMedia(callApi, type, file)
      await host.cache.set(keyOf(outgoing), `${type} ${mediaId}`, handleLifeMs)
      return { type, mediaId }
    },
    forget: async (part, { type, mediaId }) => {
      const outgoing = outgoingOf(part)
      if (outgoing !== undefined) await host.cache.drop(keyOf(outgoing), `${type} ${mediaId}`)
    },
  }
}
