import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

/** The platform's kinds of temporary material. */
export type WechatMediaKind = 'image' | 'voice' | 'video' | 'thumb'

/** A temporary file of the platform. */
export interface ShelvedMedia {
  readonly mediaId: string
  readonly kind: WechatMediaKind
  readonly contentType: string
  readonly bytes: Buffer
  readonly fileName: string
  readonly createdAt: Date
}

/** The platform's temporary files: three days each. */
export interface MediaShelf {
  put(kind: WechatMediaKind, bytes: Uint8Array): ShelvedMedia
  /** Undefined when unknown or older than three days. */
  find(mediaId: string): ShelvedMedia | undefined
}

const lifetimeMs = 3 * 24 * 3_600_000
const keptBytes = 256 * 1024 * 1024

interface FileType {
  readonly kind: WechatMediaKind
  readonly contentType: string
  readonly extension: string
  readonly matches: (bytes: Buffer) => boolean
}

const startsWith =
  (text: string, at = 0) =>
  (bytes: Buffer): boolean =>
    bytes.subarray(at, at + text.length).toString('latin1') === text

/** The file types the platform takes, told by their first bytes. */
const fileTypes: readonly FileType[] = [
  { kind: 'image', contentType: 'image/png', extension: 'png', matches: startsWith('\u0089PNG') },
  { kind: 'image', contentType: 'image/jpeg', extension: 'jpg', matches: startsWith('\u00ff\u00d8\u00ff') },
  { kind: 'image', contentType: 'image/gif', extension: 'gif', matches: startsWith('GIF8') },
  { kind: 'voice', contentType: 'audio/amr', extension: 'amr', matches: startsWith('#!AMR') },
  { kind: 'voice', contentType: 'audio/mpeg', extension: 'mp3', matches: startsWith('ID3') },
  {
    kind: 'voice',
    contentType: 'audio/mpeg',
    extension: 'mp3',
    matches: (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2,
  },
  { kind: 'video', contentType: 'video/mp4', extension: 'mp4', matches: startsWith('ftyp', 4) },
]

/** The platform's view of a file's type by its content; undefined when it takes no such file. */
export const fileTypeOf = (
  kind: WechatMediaKind,
  bytes: Buffer,
): { readonly contentType: string; readonly extension: string } | undefined =>
  fileTypes.find((type) =>
    kind === 'thumb'
      ? type.contentType === 'image/jpeg' && type.matches(bytes)
      : type.kind === kind && type.matches(bytes),
  )

/** An empty shelf. The oldest files leave when 256 MiB are kept. */
export const createMediaShelf = (clock: Clock): MediaShelf => {
  const shelf = new Map<string, ShelvedMedia>()
  let total = 0
  const drop = (media: ShelvedMedia): void => {
    shelf.delete(media.mediaId)
    total -= media.bytes.length
  }
  return {
    put: (kind, content) => {
      const bytes = Buffer.from(content)
      const type = fileTypeOf(kind, bytes)
      const mediaId = randomBytes(48).toString('base64url')
      const media: ShelvedMedia = {
        mediaId,
        kind,
        bytes,
        contentType: type?.contentType ?? 'application/octet-stream',
        fileName: `${mediaId.slice(0, 16)}.${type?.extension ?? 'bin'}`,
        createdAt: clock.now(),
      }
      shelf.set(mediaId, media)
      total += bytes.length
      for (const oldest of shelf.values()) {
        if (total <= keptBytes || oldest.mediaId === mediaId) break
        drop(oldest)
      }
      return media
    },
    find: (mediaId) => {
      const media = shelf.get(mediaId)
      if (media === undefined) return undefined
      if (clock.now().getTime() - media.createdAt.getTime() < lifetimeMs) return media
      drop(media)
      return undefined
    },
  }
}
