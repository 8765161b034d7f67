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
