import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { trainUnderstanding } from '../train.ts'
import type { TrainOptions } from '../train.ts'
import { decodeModel } from './cache.ts'
import type { UnderstandingModel } from './train.ts'

/** Where the TypeScript loader lies, wherever the process was started. */
const loader = (): string => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

const trainInThread = (options: TrainOptions): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./train-worker.ts', import.meta.url), {
      workerData: options,
      execArgv: ['--import', loader()],
    })
    worker.once('message', (bytes: unknown) => {
      if (bytes instanceof Uint8Array) resolve(bytes)
      else reject(new TypeError('the training thread answered with something else'))
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      reject(new Error('the training thread ended without a model'))
    })
  })

/**
 * Trains in a thread of its own: messages are answered meanwhile, and the memory goes back afterwards.
 * Where no thread can be had, trains here, in small pieces.
 */
export const trainApart = async (options: TrainOptions): Promise<UnderstandingModel> => {
  const bytes = await trainInThread(options).catch(() => undefined)
  const model = bytes === undefined ? undefined : decodeModel(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return model ?? trainUnderstanding(options)
}
