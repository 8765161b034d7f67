import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { report } from './report.ts'

const Figures = z.object({
  channel: z.string(),
  /** Inputs that were neither read nor refused. */
  crashes: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  worstMs: z.number(),
  heapGrowthMegabytes: z.number(),
  eventLoopBlockedMs: z.number().optional(),
})

/** How one channel's reader fared. */
export type ParserFigures = z.infer<typeof Figures>

/**
 * Has each channel read so many mutated inputs, in a process of its own that may collect its garbage. Throws when that process
 * dies of one.
 */
export const parseMutated = async (runs: number): Promise<readonly ParserFigures[]> => {
  const found: ParserFigures[] = []
  const child = fork(fileURLToPath(new URL('./parse-mutated.ts', import.meta.url)), [String(runs)], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  child.on('message', (figures) => found.push(Figures.parse(figures)))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`reading ended after ${found.at(-1)?.channel ?? 'nothing'}`)
  return found
}

/** How each channel fares with 10 000 mutated inputs. */
export const channelParsers = async (): Promise<void> => {
  for (const figures of await parseMutated(10_000)) {
    report('10000-mutated-inputs', figures)
    if (figures.crashes > 0) process.exitCode = 1
  }
}
