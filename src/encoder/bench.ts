import { readFileSync } from 'node:fs'
import type { Encoder } from '../core/encoder.ts'
import { silentLog } from '../core/log.ts'
import type { ModelFolder } from './model-folder.ts'
import { defaultThreads, openEncoder } from './open-encoder.ts'

/** What a model costs on this machine. */
export interface BenchResult {
  readonly version: string
  readonly dimensions: number
  readonly threads: number
  /** Milliseconds until the first vector. */
  readonly loadMs: number
  /** Milliseconds of one short text asked for alone. */
  readonly singleMs: { readonly p50: number; readonly p99: number }
  /** Texts a second when very many are asked for at once, by as many processes as the product then has. */
  readonly textsPerSecond: number
  /** How many those were. */
  readonly processes: number
  /** Resident memory of the process that encodes, where the system tells. */
  readonly memoryMb: number | undefined
  /** That of the second one, which exists only while very many texts are encoded. */
  readonly secondMemoryMb: number | undefined
}

/** Messages of the length that contacts write. */
const samples = [
  '大会员自动续费怎么取消',
  '视频审核要多久',
  '弹幕发不出去是怎么回事',
  '我的账号被盗了怎么办',
  '投稿被退回来了，说封面不合适',
  '4K 画质为什么看不了',
  '手机号换了怎么改绑',
  '直播间送的礼物能退吗，孩子误操作的',
]
const singles = 200
/** So many are asked for first, that a second process has started before anything is counted. */
const warmCrowd = 1_000
/** About how long very many texts are counted. */
const crowdMs = 3_000
const mostTexts = 6_000

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

const round = (value: number): number => Math.round(value * 10) / 10

/** Resident memory of a process; Linux tells it in a file. */
const memoryOf = (pid: number): number | undefined => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1_024)
  } catch {
    return undefined
  }
}

/** Texts like the samples, none of them twice: the encoder remembers what it saw. */
const differentTexts = (count: number, mark: string): string[] =>
  Array.from({ length: count }, (_, at) => `${samples[at % samples.length] ?? ''}${mark}${String(at)}`)

/** A log that remembers the processes told of. */
const createPidLog = () => {
  const pids: number[] = []
  const keep = (facts: Record<string, unknown>): void => {
    if (typeof facts.pid === 'number') pids.push(facts.pid)
  }
  return { pids, log: { ...silentLog, info: keep, debug: keep } }
}

/** Milliseconds of texts asked for one after the other, in order. */
const measureSingles = async (encoder: Encoder): Promise<number[]> => {
  await encoder.encode(differentTexts(8, '热'))
  const times: number[] = []
  for (const text of differentTexts(singles, '单')) {
    const askedAt = performance.now()
    await encoder.encode([text])
    times.push(performance.now() - askedAt)
  }
  return times.sort((one, other) => one - other)
}

/** Texts a second of very many. */
const measureCrowd = async (encoder: Encoder): Promise<number> => {
  const rateOf = async (texts: readonly string[]): Promise<number> => {
    const askedAt = performance.now()
    await encoder.encode(texts)
    return (texts.length * 1_000) / (performance.now() - askedAt)
  }
  const first = await rateOf(differentTexts(warmCrowd, '众'))
  const count = Math.min(mostTexts, Math.max(warmCrowd, Math.round((first * crowdMs) / 1_000)))
  return rateOf(differentTexts(count, '批'))
}

/** Measures a model with short texts. */
export const benchModel = async (model: ModelFolder, threads = defaultThreads()): Promise<BenchResult> => {
  const { pids, log } = createPidLog()
  const startedAt = performance.now()
  const encoder = await openEncoder({ model, threads, log })
  const loadMs = performance.now() - startedAt
  try {
    const times = await measureSingles(encoder)
    const textsPerSecond = Math.round(await measureCrowd(encoder))
    const [memoryMb, secondMemoryMb] = pids.map(memoryOf)
    return {
      version: encoder.version,
      dimensions: encoder.dimensions,
      threads,
      loadMs: Math.round(loadMs),
      singleMs: { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)) },
      textsPerSecond,
      processes: pids.length,
      memoryMb,
      secondMemoryMb,
    }
  } finally {
    await encoder.stop()
  }
}
