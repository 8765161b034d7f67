import { Worker } from 'node:worker_threads'
import type { VoiceDecoder } from '../core/voice.ts'
import { soundSilk } from './silk-frames.ts'
import { wavOfSamples } from './wav.ts'

const sampleRate = 24_000

export interface VoiceDecoderOptions {
  /** Milliseconds after which a recording counts as damaged; a sound one of ten minutes takes about two seconds. */
  readonly patienceMs?: number
}

/** What the thread makes of a recording; undefined: nothing, or it did not end in time. */
const decodeApart = async (bytes: Uint8Array, patienceMs: number): Promise<Uint8Array | undefined> => {
  const worker = new Worker(new URL('./silk-worker.mjs', import.meta.url), {
    workerData: { bytes, sampleRate },
    execArgv: [],
    // What the codec's C code prints of damaged files helps nobody.
    ...{ stdout: true, stderr: true },
  })
  const impatience = setTimeout(() => void worker.terminate(), patienceMs)
  try {
    return await new Promise<Uint8Array | undefined>((resolve) => {
      worker.once('message', (data: Uint8Array | undefined) => resolve(data))
      worker.once('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
    })
  } finally {
    clearTimeout(impatience)
    await worker.terminate()
  }
}

/** Decodes SILK of Tencent's clients, one recording at a time, off the event loop. */
export const createVoiceDecoder = ({ patienceMs = 10_000 }: VoiceDecoderOptions = {}): VoiceDecoder => {
  let before: Promise<unknown> = Promise.resolve()
  return {
    wavOf: async (bytes) => {
      const whole = soundSilk(bytes)
      if (whole === undefined) return undefined
      const turn = before.then(() => decodeApart(whole, patienceMs))
      before = turn
      const samples = await turn
      return samples === undefined || samples.length === 0 ? undefined : wavOfSamples(samples, sampleRate)
    },
  }
}
