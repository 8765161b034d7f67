/**
 * Uploads a temporary file, `POST /cgi-bin/media/upload`, valid for three days.
 * Source: developers.weixin.qq.com 新增临时素材.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

export type UploadType = 'image' | 'voice' | 'video' | 'thumb'

interface Limits {
  readonly maxBytes: number
  /** File name endings by content type. */
  readonly endings: Readonly<Record<string, string>>
}

const megabyte = 1_048_576

const limits: Readonly<Record<UploadType, Limits>> = {
  image: {
    maxBytes: 10 * megabyte,
    endings: { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/gif': 'gif' },
  },
  voice: { maxBytes: 2 * megabyte, endings: { 'audio/amr': 'amr', 'audio/mpeg': 'mp3' } },
  video: { maxBytes: 10 * megabyte, endings: { 'video/mp4': 'mp4' } },
  thumb: { maxBytes: 64 * 1_024, endings: { 'image/jpeg': 'jpg' } },
}

/** The same limits by our kinds of parts, for whoever chooses how a file goes out. */
export const fileLimits = {
  image: { contentTypes: Object.keys(limits.image.endings), maxBytes: limits.image.maxBytes },
  audio: { contentTypes: Object.keys(limits.voice.endings), maxBytes: limits.voice.maxBytes },
  video: { contentTypes: Object.keys(limits.video.endings), maxBytes: limits.video.maxBytes },
} as const

/** A file of ours, typed by content. */
export interface Upload {
  readonly contentType: string
  readonly bytes: Uint8Array
}

const endingOf = (type: UploadType, contentType: string): string | undefined => {
  const { endings } = limits[type]
  return Object.hasOwn(endings, contentType) ? endings[contentType] : undefined
}

/** Whether WeChat takes the file as this type. */
export const isUploadable = (type: UploadType, { contentType, bytes }: Upload): boolean =>
  endingOf(type, contentType) !== undefined && bytes.length > 0 && bytes.length <= limits[type].maxBytes

/** Uploads a file and returns WeChat's handle. Throws `ChannelError`, before the call when WeChat would refuse it. */
export const uploadMedia = async (callApi: CallApi, type: UploadType, file: Upload): Promise<string> => {
  const action = `upload ${type}`
  const { endings, maxBytes } = limits[type]
  const ending = endingOf(type, file.contentType)
  if (ending === undefined || !isUploadable(type, file))
    throw new ChannelError(
      'wechat',
      'permanent',
      `${action}: the file is ${file.contentType}, ${file.bytes.length} bytes`,
      {
        hint: `send ${Object.keys(endings).join(' or ')} of at most ${maxBytes} bytes`,
      },
    )
  const form = new FormData()
  // WeChat goes by the file name's ending as much as by the content type.
  form.set('media', new File([file.bytes], `${type}.${ending}`, { type: file.contentType }))
  const answer = await callApi({
    action,
    path: '/cgi-bin/media/upload',
    query: { type },
    body: form,
    timeoutMs: 20_000,
  })
  const field = type === 'thumb' ? 'thumb_media_id' : 'media_id'
  const handle = answer.kind === 'json' ? (answer.data[field] ?? answer.data['media_id']) : undefined
  if (typeof handle !== 'string')
    throw new ChannelError('wechat', 'temporary', `${action}: the answer holds no media id`)
  return handle
}
