// Temporary files: developer.work.weixin.qq.com, 上传临时素材 (90253), 获取临时素材 (90254). Three days each.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { dayMs } from './account.ts'

export type MediaKind = 'image' | 'voice' | 'video' | 'file'

export interface StoredFile {
  readonly mediaId: string
  readonly kind: MediaKind
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly at: number
}

const megabyte = 1024 * 1024
const maxBytes: Readonly<Record<MediaKind, number>> = {
  image: 10 * megabyte,
  voice: 2 * megabyte,
  video: 10 * megabyte,
  file: 20 * megabyte,
}
const tooLarge: Readonly<Record<MediaKind, number>> = {
  image: 40009,
  voice: 40010,
  video: 40011,
  file: 45001,
}

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text

/** What the platform sees in a file, by its first bytes. */
const contentTypeOf = (bytes: Uint8Array): string => {
  if (startsWith(bytes, '\u0089PNG')) return 'image/png'
  if (startsWith(bytes, '\u00ff\u00d8\u00ff')) return 'image/jpeg'
  if (startsWith(bytes, '#!AMR')) return 'audio/amr'
  if (startsWith(bytes, 'ftyp', 4)) return 'video/mp4'
  return 'application/octet-stream'
}

const accepted: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['image/png', 'image/jpeg'],
  voice: ['audio/amr'],
  video: ['video/mp4'],
  file: [],
}

export interface MediaShelf {
  put(kind: MediaKind, name: string, bytes: Uint8Array): StoredFile
  /** What an upload by API gets: the file, or an errcode. */
  upload(kind: MediaKind, name: string, bytes: Uint8Array): StoredFile | number
  find(mediaId: string): StoredFile | undefined
}

export const createMediaShelf = (clock: Clock): MediaShelf => {
  const files = new Map<string, StoredFile>()
  const put: MediaShelf['put'] = (kind, name, bytes) => {
    const mediaId = `3${randomBytes(24).toString('base64url')}`
    const file = { mediaId, kind, name, contentType: contentTypeOf(bytes), bytes, at: clock.now().getTime() }
    files.set(mediaId, file)
    return file
  }
  return {
    put,
    upload: (kind, name, bytes) => {
      if (bytes.length <= 5) return 40006
      if (bytes.length > maxBytes[kind]) return tooLarge[kind]
      const types = accepted[kind]
      return types.length > 0 && !types.includes(contentTypeOf(bytes)) ? 40005 : put(kind, name, bytes)
    },
    find: (mediaId) => {
      const file = files.get(mediaId)
      return file !== undefined && clock.now().getTime() - file.at < 3 * dayMs ? file : undefined
    },
  }
}
