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
  /** Stores the bytes; refuses what is over the limit with `bad_input`. */
  save(bytes: Uint8Array): Promise<StoredMedia>
  find(mediaId: string): Promise<{ readonly media: StoredMedia; readonly bytes: Uint8Array } | undefined>
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
