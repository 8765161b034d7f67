/** Turns texts into vectors whose cosine says how alike their meanings are. */
export interface Encoder {
  /** Same version, same vectors: part of the keys of everything cached that was made with them. */
  readonly version: string
  /** Numbers in a vector. */
  readonly dimensions: number
  /**
   * Unit vectors in the order of the texts; too long a text counts by its beginning. Runs off the event loop, together
   * with what others ask for at the same time. Rejects with `TongdaError('encoder_unavailable')` when the model broke or was
   * stopped.
   */
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>
  stop(): Promise<void>
}
