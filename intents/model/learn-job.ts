import { parentPort, workerData } from 'node:worker_threads'
import { createBreath } from './breath.ts'
import type { LearningJob } from './learn-thread.ts'
import { learnTables } from './tables.ts'

/** Code of a learning thread: does the one job it was started with, and posts what was learned. */
const learn = async (job: LearningJob): Promise<unknown> => {
  if (job.kind === 'tables') return learnTables(job.task, job.without, createBreath())
  // Reading texts takes a while to load, and tables do without.
  const { trainAttitude } = await import('../train.ts')
  return trainAttitude(job.options)
}

// Given by `learn-thread.ts` alone, which types it.
parentPort?.postMessage(await learn(workerData as LearningJob))
