import { silkStart } from '../core/voice.ts'

/** A frame stands for 20 ms at least; ten minutes of them. */
const maxFrames = 50 * 60 * 10
/** No encoder writes larger ones: the codec's own buffer holds no more. */
const maxFrameBytes = 1_024

/**
 * What is whole of a SILK recording, as the decoder wants it: with the byte before its header. Undefined: no frame of it
 * is sound, or it has more than ten minutes. The decoder itself believes every length it reads and has no limit: two
 * megabytes of zeros kept it busy for 95 seconds and filled a gigabyte.
 */
export const soundSilk = (bytes: Uint8Array): Uint8Array | undefined => {
  const start = silkStart(bytes)
  if (start === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let frames = 0
  let speech = 0
  let end = start
  while (end + 2 <= bytes.length) {
    const length = view.getInt16(end, true)
    // A length below zero ends the recording; nothing at all is a pause.
    if (length < 0 || length > maxFrameBytes || end + 2 + length > bytes.length) break
    frames += 1
    if (frames > maxFrames) return undefined
    if (length > 0) speech += 1
    end += 2 + length
  }
  if (speech === 0) return undefined
  return Buffer.concat([Uint8Array.of(2), bytes.subarray(bytes[0] === 2 ? 1 : 0, end)])
}
