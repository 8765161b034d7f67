import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { trainAttitude } from '../train.ts'
import type { AttitudeOptions, LearnParts } from '../train.ts'
import type { AttitudeModel } from './attitude.ts'
import { folds } from './corpus.ts'
import type { Tables } from './evidence.ts'
import { learnTables } from './tables.ts'
import type { TableTask } from './tables.ts'

/** What a learning thread is given to do. */
export type LearningJob =
  | { readonly kind: 'attitude'; readonly options: AttitudeOptions }
  | { readonly kind: 'tables'; readonly task: TableTask; readonly without: number }

/** Does a job in a thread of its own and gives what it posts. Rejects when the thread ends without that. */
const inThread = (job: LearningJob): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./learn-worker.mjs', import.meta.url), {
      workerData: job,
      execArgv: [],
    })
    worker.once('message', (learned: unknown) => {
      resolve(learned)
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      reject(new Error('the learning thread ended with nothing learned'))
    })
  })

/** More threads than there are parts have nothing to do. */
const mostThreads = folds + 1

/** Runs jobs beside this thread, so many at a time, in the order in which they were given. */
const createLanes = (count: number) => {
  const lanes = new Array<Promise<unknown>>(count).fill(Promise.resolve())
  let next = 0
  return (job: LearningJob): Promise<unknown> => {
    const lane = next++ % count
    const done = (lanes[lane] ?? Promise.resolve()).then(() => inThread(job))
    lanes[lane] = done.catch(() => undefined)
    return done
  }
}

/**
 * Learns the parts of a model beside each other on all cores: this thread the first fold's tables, threads of their own
 * the rest. Where no thread can be had, all of it here; what is learned is the same.
 */
export const learnBeside = (cores = availableParallelism()): LearnParts | undefined => {
  if (cores < 2) return undefined
  const run = createLanes(Math.min(cores - 1, mostThreads))
  return {
    attitude: (options) =>
      // Typed by `learn-job.ts`, the thread's only code.
      run({ kind: 'attitude', options }).catch(() => trainAttitude(options)) as Promise<
        AttitudeModel | undefined
      >,
    tables: (task, breath) => {
      const here = (without: number): Promise<Tables> => learnTables(task, without, breath)
      const others = [...Array.from({ length: folds - 1 }, (_, fold) => fold + 1), -1]
      const coming = new Map(
        others.map((without) => [
          without,
          run({ kind: 'tables', task, without }).catch(() => here(without)) as Promise<Tables>,
        ]),
      )
      return (without) => coming.get(without) ?? here(without)
    },
  }
}
