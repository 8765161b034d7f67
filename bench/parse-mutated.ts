import { monitorEventLoopDelay } from 'node:perf_hooks'
import { quantile, round } from './load.ts'
import { createParserCases, type ParserCase } from './parser-cases.ts'
import { report } from './report.ts'

const runs = 10_000
const seed = 20_261_126
const pieces = [
  ...[
    'null',
    '{}',
    '[]',
    '""',
    '-1',
    '1e999',
    '"\\ud800"',
    '\\u0000',
    'true',
    '9007199254740993',
    '__proto__',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '<',
    '>',
    ']]>',
    '<![CDATA[',
    '&#x0;',
    '&amp;',
    '\r\n',
    '=',
    ';',
    '--',
  ],
]

/** Numbers below a limit, the same in every run. */
const createRandom = (start: number) => {
  let state = start
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
type Random = ReturnType<typeof createRandom>

const change = (text: string, random: Random): string => {
  const at = random(text.length)
  const piece = pieces[random(pieces.length)] ?? ''
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(40))
    case 2:
      return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1)
    case 3:
      // One piece, many times: what is quadratic shows.
      return text.slice(0, at) + piece.repeat(random(2_000)) + text.slice(at)
    default:
      return text.slice(0, at) + text.slice(random(text.length))
  }
}

const heapAfterCollection = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const measure = async ({ channel, seeds, parse, refuses, close }: ParserCase): Promise<void> => {
  const random = createRandom(seed)
  const mutated = (n: number): string => {
    let text = seeds[n % seeds.length] ?? ''
    for (let times = 1 + random(4); times > 0; times -= 1) text = change(text, random)
    return text
  }
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
  report('10000-mutated-inputs', {
    channel,
    crashes,
    p50Ms: round(quantile(times, 0.5), 3),
    p99Ms: round(quantile(times, 0.99), 2),
    worstMs: round(Math.max(...times)),
    heapGrowthMegabytes: round(growth / 1_048_576),
    // A mail is read in a thread of its own; the others are read where they arrive.
    ...(close === undefined ? {} : { eventLoopBlockedMs: round(blocked.max / 1e6) }),
  })
  if (crashes > 0) process.exitCode = 1
}

for (const each of createParserCases()) await measure(each)
