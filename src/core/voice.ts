/** How recordings of Tencent's SILK begin; its own clients put a byte 2 before. */
const silkHeader = '#!SILK_V3'

/** Where the frames of a SILK recording begin; undefined: it is none. */
export const silkStart = (bytes: Uint8Array): number | undefined => {
  const from = bytes[0] === 2 ? 1 : 0
  const end = from + silkHeader.length
  return String.fromCharCode(...bytes.subarray(from, end)) === silkHeader ? end : undefined
}

/** Makes recordings that browsers do not understand into such that they do. */
export interface VoiceDecoder {
  /** The recording as WAV; undefined: of another kind, damaged, or longer than ten minutes. */
  readonly wavOf: (bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer> | undefined>
}
