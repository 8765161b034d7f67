import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { giveWay } from '../../src/core/give-way.ts'
import { trainUnderstanding } from '../train.ts'
import type { TrainOptions } from '../train.ts'
import { decodeModel } from './cache.ts'
import type { UnderstandingModel } from './train.ts'

/** Longest time a training may take before it is given up; minutes on the slowest machines. */
const mostMs = 600_000

const trainInProcess = (options: TrainOptions): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const child = fork(fileURLToPath(new URL('./train-process.ts', import.meta.url)), {
      execArgv: ['--import', loader],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: mostMs,
      // The content comes by message; secrets of the environment are no business of training.
      env: {},
    })
    // Those who wait for an answer come before what is learned.
    giveWay(child.pid)
    child.once('message', (bytes: unknown) => {
      if (bytes instanceof Uint8Array) resolve(bytes)
      else reject(new TypeError('the training process answered with something else'))
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      reject(new Error(`the training process ended without a model (${code ?? 'killed'})`))
    })
    child.send(options, (error) => {
      if (error !== null) reject(error)
    })
  })

/**
 * Trains in a process of its own: messages are answered meanwhile, and its memory goes back afterwards.
 * Where no process can be had, trains here, in small pieces.
 */
export const trainApart = async (options: TrainOptions): Promise<UnderstandingModel> => {
  const bytes = await trainInProcess(options).catch(() => undefined)
  const model =
    bytes === undefined
      ? undefined
      : decodeModel(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return model ?? trainUnderstanding(options)
}
