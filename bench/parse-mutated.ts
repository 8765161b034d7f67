import { monitorEventLoopDelay } from 'node:perf_hooks'
import { quantile, round } from './load.ts'
import { createMutate } from './mutate.ts'
import { createParserCases, type ParserCase } from './parser-cases.ts'
import type { ParserFigures } from './parsers.ts'

const seed = 20_261_126
const heapAfterCollection = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const measure = async (
  { channel, seeds, parse, refuses, close }: ParserCase,
  runs: number,
): Promise<ParserFigures> => {
  const mutate = createMutate(seed)
  const mutated = (n: number): string => mutate(seeds[n % seeds.length] ?? '')
  const times: number[] = []
  let crashes = 0
  const read = async (text: string): Promise<void> => {
    const startedAt = performance.now()
    try {
      await parse(text)
    } catch (error) {
      if (!refuses(error)) crashes += 1
    }
    times.push(performance.now() - startedAt)
  }
  for (let n = 0; n < 200; n += 1) await read(mutated(n))
  times.length = 0
  const before = heapAfterCollection()
  const blocked = monitorEventLoopDelay({ resolution: 5 })
  blocked.enable()
  for (let n = 0; n < runs; n += 1) await read(mutated(n))
  blocked.disable()
  const growth = heapAfterCollection() - before
  await close?.()
  return {
    ...{ channel, crashes },
    p50Ms: round(quantile(times, 0.5), 3),
    p99Ms: round(quantile(times, 0.99), 2),
    worstMs: round(Math.max(...times)),
    heapGrowthMegabytes: round(growth / 1_048_576),
    // A mail is read in a thread of its own; the others are read where they arrive.
    ...(close === undefined ? {} : { eventLoopBlockedMs: round(blocked.max / 1e6) }),
  }
}

// Told to the process that started this one, which says how many inputs: parsers.ts.
for (const each of createParserCases()) process.send?.(await measure(each, Number(process.argv[2])))
