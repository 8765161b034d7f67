/** Uploads a temporary file, valid for three days. Source: developer.work.weixin.qq.com 上传临时素材 (90253). */
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'
import { maxFileBytes } from './file-limit.ts'

export type UploadType = 'image' | 'voice' | 'video' | 'file'

/** A file of ours, typed by content. */
export interface Upload {
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly name?: string
}

const megabyte = 1_048_576
const minBytes = 6

interface Limits {
  readonly maxBytes: number
  /** File name endings by content type; absent: anything goes. */
  readonly endings?: Readonly<Record<string, string>>
}

const limits: Readonly<Record<UploadType, Limits>> = {
  image: { maxBytes: 10 * megabyte, endings: { 'image/jpeg': 'jpg', 'image/png': 'png' } },
  voice: { maxBytes: 2 * megabyte, endings: { 'audio/amr': 'amr' } },
  video: { maxBytes: 10 * megabyte, endings: { 'video/mp4': 'mp4' } },
  file: { maxBytes: maxFileBytes },
}

/** Endings for what travels as a file because WeCom does not play it. */
const otherEndings: Readonly<Record<string, string>> = {
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/mpeg': 'mp3',
  'audio/x-m4a': 'm4a',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'video/quicktime': 'mov',
  'application/pdf': 'pdf',
}

const endingOf = (type: UploadType, contentType: string): string | undefined => {
  const { endings } = limits[type]
  const known = { ...otherEndings, ...limits.image.endings, ...limits.voice.endings, ...limits.video.endings }
  const from = endings ?? known
  const ending = Object.hasOwn(from, contentType) ? from[contentType] : undefined
  return ending ?? (endings === undefined ? 'bin' : undefined)
}

const fits = (type: UploadType, { contentType, bytes }: Upload): boolean =>
  endingOf(type, contentType) !== undefined &&
  bytes.length >= minBytes &&
  bytes.length <= limits[type].maxBytes

/** The form in which WeCom takes the file: the one that is wanted, or a plain file. */
export const uploadTypeFor = (wanted: UploadType, file: Upload): UploadType =>
  fits(wanted, file) ? wanted : 'file'

/** Uploads a file and returns WeCom's handle. Throws `ChannelError`, before the call when WeCom would refuse it. */
export const uploadMedia = async (callApi: CallApi, type: UploadType, file: Upload): Promise<string> => {
  const action = `upload ${type}`
  if (!fits(type, file))
    throw new ChannelError('wecom', 'permanent', `${action}: the file has ${file.bytes.length} bytes`, {
      hint: `send ${minBytes} to ${limits[type].maxBytes} bytes`,
    })
  const form = new FormData()
  const name = file.name ?? `${type}.${endingOf(type, file.contentType) ?? 'bin'}`
  form.set('media', new File([file.bytes], name, { type: file.contentType }))
  const answer = await callApi({
    action,
    path: '/cgi-bin/media/upload',
    query: { type },
    body: form,
    timeoutMs: 20_000,
  })
  const handle = answer.kind === 'json' ? answer.data['media_id'] : undefined
  if (typeof handle !== 'string' || handle === '')
    throw new ChannelError('wecom', 'temporary', `${action}: the answer holds no media id`)
  return handle
}
