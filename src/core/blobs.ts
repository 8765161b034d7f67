/** Where the bytes of files lie: a folder or a bucket. Keys are ours: letters, digits and hyphens. */
export interface BlobStore {
  /** Whole or not at all: a crash leaves no half file under the key. Throws `media_unavailable`. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Undefined when there is nothing under the key. Throws `media_unavailable`. */
  get(key: string): Promise<Uint8Array | undefined>
  /** What is not there any more is no error. Throws `media_unavailable`. */
  delete(key: string): Promise<void>
}
