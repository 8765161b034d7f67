import { parentPort, workerData } from 'node:worker_threads'
import { trainUnderstanding } from '../train.ts'
import type { TrainOptions } from '../train.ts'
import { encodeModel } from './cache.ts'

/** Thread that trains one model from the content it is given and answers with its bytes. */
// Given by `trainApart`, which types it; a thread's data has no type of its own.
const options = workerData as TrainOptions
const bytes = encodeModel(await trainUnderstanding(options))
const answer = Uint8Array.from(bytes)
parentPort?.postMessage(answer, [answer.buffer])
