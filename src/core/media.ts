import type { MediaRef, Part } from './message.ts'

/** A stored file. */
export interface StoredMedia {
  readonly mediaId: string
  /** By content, never by the sender's word. */
  readonly contentType: string
  readonly bytes: number
}

/** Files that came with messages: kept under random keys, typed by content. */
export interface MediaStore {
  /** Most bytes of one file. */
  readonly maxBytes: number
  /** Stores the bytes; refuses what is over the limit with `bad_input`. */
  save(bytes: Uint8Array): Promise<StoredMedia>
  find(mediaId: string): Promise<{ readonly media: StoredMedia; readonly bytes: Uint8Array } | undefined>
}

/**
 * Files of the content (pictures in articles): under ids made from their bytes (UUID version 5; those of messages are
 * random), and never cleared with messages.
 */
export interface ContentFiles {
  /** Stores a file under its id; does nothing when it is stored already. Throws `media_unavailable`. */
  keep(file: StoredMedia, read: () => Promise<Uint8Array>): Promise<void>
}

/** What is known of stored files, without their bytes. */
export interface MediaCatalogue {
  describe(mediaId: string): Promise<StoredMedia | undefined>
}

/** Files that agents upload before they say them. */
export interface UnsentFiles {
  /** The same as `MediaStore.save` for a file that may never be said. */
  saveUnsent(bytes: Uint8Array): Promise<StoredMedia>
  /** Deletes those that were never said and are older than `ageMs` by the database's clock; gives how many. */
  clearUnsent(ageMs: number): Promise<number>
}

/** A stored message that still lacks files. */
export interface PendingMedia {
  readonly messageId: string
  /** With `failure: 'pending'` at each file that is to be fetched. */
  readonly parts: readonly Part[]
  /** How often its files have been fetched again, this time included. */
  readonly tries: number
}

/** Files that come after their messages were stored. */
export interface LateMedia {
  /**
   * Completes a stored message: the reference with the same `providerRef` becomes `file`, unless it has its file.
   * Gives the conversation, so that open desks can be told; undefined when the message is gone.
   */
  attach(messageId: string, file: MediaRef): Promise<string | undefined>
  /**
   * Takes up to `limit` messages of an inbox whose files are `pending`, oldest first. Each is given again after
   * `retryMs`, then after twice as long, and so on, until its files are attached.
   */
  takePending(query: {
    readonly inboxId: string
    readonly limit: number
    readonly retryMs: number
  }): Promise<readonly PendingMedia[]>
}

/** Kinds of content that browsers show without running anything, with the name each is saved under. */
const shown: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['audio/amr', 'amr'],
  ['audio/mpeg', 'mp3'],
  ['audio/ogg', 'ogg'],
  ['audio/wav', 'wav'],
])

/** For files that strangers sent: shown without scripts, forms or our origin. */
export const mediaPolicy = "default-src 'none'; sandbox"

/** Pictures that every browser shows. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** Whether browsers show the file as a picture. */
export const isPicture = ({ contentType = '' }: Pick<MediaRef, 'contentType'>): boolean =>
  pictures.has(contentType)

/** A stored file as a piece of what is said, by its content; `name` is what its sender calls it. */
export const filePart = (media: StoredMedia, name?: string): Part => {
  if (isPicture(media)) return { kind: 'image', media, ...(name === undefined ? {} : { alt: name }) }
  if (media.contentType.startsWith('audio/')) return { kind: 'audio', media }
  if (media.contentType === 'video/mp4') return { kind: 'video', media }
  return { kind: 'file', media, name: name ?? media.mediaId }
}

/**
 * Headers under which a stranger's file may be served from our address: what is not on the list of harmless kinds (SVG,
 * HTML, PDF, anything unknown) is an attachment of no type, and nothing in it runs. The name is ours: what the sender
 * called the file is only data.
 */
export const mediaHeaders = ({ mediaId, contentType }: StoredMedia): Record<string, string> => {
  const [type = ''] = contentType.split(';')
  const extension = shown.get(type)
  const inline = extension !== undefined
  return {
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${mediaId}${inline ? `.${extension}` : ''}"`,
    'content-type': inline ? type : 'application/octet-stream',
    'content-security-policy': mediaPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // Never changes under its id; kept by the browser only, and not for long after a sign-out.
    'cache-control': 'private, max-age=300',
  }
}
