import { AMR } from 'web-amr/dist/vendor/amrnb.js'

/** How files of AMR narrow band begin (RFC 4867, section 5.1); wide band says `#!AMR-WB`. */
const header = '#!AMR\n'
/** Bytes of a frame after its first, by frame type; a type that is not here is none of speech. */
const frameBytes: ReadonlyMap<number, number> = new Map([
  ...[12, 13, 15, 17, 19, 20, 26, 31, 5].map((bytes, type) => [type, bytes] as const),
  // Nothing was recorded: the line stays still.
  [15, 0],
])
const samplesPerFrame = 160
const sampleRate = 8_000
/** Longer recordings are saved, not played: their samples would fill the page's memory. */
const maxFrames = 50 * 60 * 30
/** What the decoder reckons for one frame when it lays out its samples. */
const reckonedBytes = 6
const silentFrame = 0x7c

/** Whether a file is AMR of narrow band, by its first bytes. */
export const isAmr = (bytes: Uint8Array): boolean =>
  bytes.length > header.length && header === String.fromCharCode(...bytes.subarray(0, header.length))

/** How many whole frames follow each other, and where the last ends. */
const framesIn = (bytes: Uint8Array): { readonly frames: number; readonly end: number } => {
  let frames = 0
  let end = header.length
  for (;;) {
    const length = frameBytes.get(((bytes[end] ?? 0xff) >> 3) & 0x0f)
    if (end >= bytes.length || length === undefined || end + 1 + length > bytes.length) break
    frames += 1
    end += 1 + length
  }
  return { frames, end }
}

/** The sound of an AMR recording, −1 to 1; undefined: it is damaged from its beginning, or longer than 30 minutes. */
export const decodeAmr = (bytes: Uint8Array): Float32Array | undefined => {
  const { frames, end } = framesIn(bytes)
  if (frames === 0 || frames > maxFrames) return undefined
  // Pauses are frames of one byte, for which the decoder makes no room: silence at the end does, and is cut off again.
  const room = Math.max(header.length + reckonedBytes * frames, end) + reckonedBytes
  const filled = new Uint8Array(room).fill(silentFrame)
  filled.set(bytes.subarray(0, end))
  return AMR.decode(filled)?.subarray(0, frames * samplesPerFrame)
}

/** An AMR recording as a file that every browser plays; undefined as above. */
export const wavOfAmr = (bytes: Uint8Array): Blob | undefined => {
  const sound = decodeAmr(bytes)
  if (sound === undefined) return undefined
  const head = new DataView(new ArrayBuffer(44))
  const write = (at: number, word: string): void => {
    new Uint8Array(head.buffer).set(new TextEncoder().encode(word), at)
  }
  const dataBytes = sound.length * 2
  write(0, 'RIFF')
  head.setUint32(4, 36 + dataBytes, true)
  write(8, 'WAVEfmt ')
  // 16 bytes about plain samples (1) of one line, 16 bits each.
  head.setUint32(16, 16, true)
  head.setUint16(20, 1, true)
  head.setUint16(22, 1, true)
  head.setUint32(24, sampleRate, true)
  head.setUint32(28, sampleRate * 2, true)
  head.setUint16(32, 2, true)
  head.setUint16(34, 16, true)
  write(36, 'data')
  head.setUint32(40, dataBytes, true)
  const samples = Int16Array.from(sound, (value) => Math.max(-1, Math.min(1, value)) * 32_767)
  return new Blob([head, samples], { type: 'audio/wav' })
}
