import { encode } from 'silk-wasm'
import { expect, it } from 'vitest'
import { createVoiceDecoder } from '../../src/voice/index.ts'

const rate = 24_000
/** Seconds of 440 Hz. */
const toneOf = async (seconds: number): Promise<Buffer> => {
  const samples = Int16Array.from(
    { length: rate * seconds },
    (_, at) => Math.sin((at / rate) * 880 * Math.PI) * 12_000,
  )
  return Buffer.from((await encode(samples, rate)).data)
}
/** The seconds that a WAV of one line tells. */
const secondsOf = (wav: Uint8Array | undefined): number => ((wav?.length ?? 44) - 44) / (2 * rate)

const pitchOf = (wav: Uint8Array | undefined): number => {
  const bytes = Buffer.from(wav ?? new Uint8Array())
  let crossings = 0
  for (let at = 44 + rate * 0.4; at + 1 < 44 + rate * 2.4; at += 2)
    if (bytes.readInt16LE(at - 2) < 0 && bytes.readInt16LE(at) >= 0) crossings += 1
  return crossings
}

it('makes WAV of SILK, with and without the byte before its header', async () => {
  const { wavOf } = createVoiceDecoder()
  const silk = await toneOf(2)
  expect(silk.subarray(0, 10).toString('latin1')).toBe('\u0002#!SILK_V3')
  const [withByte, without] = await Promise.all([wavOf(silk), wavOf(silk.subarray(1))])
  expect(Buffer.from(withByte?.subarray(0, 16) ?? []).toString('latin1')).toMatch(/^RIFF.{4}WAVEfmt $/s)
  // 24 000 samples a second of 16 bits, one line; as many bytes as are told.
  const head = Buffer.from(withByte?.subarray(0, 44) ?? [])
  const total = withByte?.length ?? 0
  expect([head.readUInt32LE(4), head.readUInt32LE(40)]).toEqual([total - 8, total - 44])
  expect([head.readUInt16LE(20), head.readUInt16LE(22), head.readUInt16LE(34)]).toEqual([1, 1, 16])
  expect([head.readUInt32LE(24), head.readUInt32LE(28), head.readUInt16LE(32)]).toEqual([rate, 48_000, 2])
  expect(secondsOf(withByte)).toBeCloseTo(2, 0)
  expect(pitchOf(withByte)).toBeCloseTo(440, -1)
  expect(without).toEqual(withByte)
})

it('takes what is whole of a recording that was cut off', async () => {
  const seconds = secondsOf(await createVoiceDecoder().wavOf((await toneOf(2)).subarray(0, 4_000)))
  expect(seconds).toBeGreaterThan(0.3)
  expect(seconds).toBeLessThan(1.5)
})

it('ends at the end that a recording tells, and before a frame larger than any encoder writes', async () => {
  const { wavOf } = createVoiceDecoder()
  const frames = await toneOf(1)
  const expected = await wavOf(frames)
  expect(secondsOf(expected)).toBeCloseTo(1, 0)
  // A length below zero is the end, whatever follows.
  const more = frames.subarray(10)
  expect(await wavOf(Buffer.concat([frames, Buffer.from([0xff, 0xff]), more]))).toEqual(expected)
  const large = Buffer.concat([Buffer.from([0x01, 0x04]), Buffer.alloc(1_025, 0x5a)])
  expect(await wavOf(Buffer.concat([frames, large, more]))).toEqual(expected)
})

it('gives nothing of what is none, is damaged or has no end', async () => {
  const { wavOf } = createVoiceDecoder()
  const header = Buffer.from('\u0002#!SILK_V3', 'latin1')
  const frame = Buffer.concat([Buffer.from([60, 0]), Buffer.alloc(60, 0x5a)])
  for (const tail of [
    Buffer.alloc(0),
    Buffer.from([0xff, 0xff]),
    Buffer.alloc(2_000_000),
    // Nothing but pauses.
    Buffer.alloc(200),
    Buffer.alloc(5_000, 0x4c),
    Buffer.concat(Array.from({ length: 30_001 }, () => frame)),
  ])
    expect(await wavOf(Buffer.concat([header, tail]))).toBeUndefined()
  expect(await wavOf(Buffer.from('#!AMR\n<'))).toBeUndefined()
  expect(await wavOf(new Uint8Array())).toBeUndefined()
  // Whatever it was given, it takes the next.
  expect(secondsOf(await wavOf(await toneOf(1)))).toBeCloseTo(1, 0)
})

it('does not wait for ever', async () => {
  expect(await createVoiceDecoder({ patienceMs: 0 }).wavOf(await toneOf(1))).toBeUndefined()
})
