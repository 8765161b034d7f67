import { readFileSync } from 'node:fs'
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
  /** Texts a second when very many are asked for at once. */
  readonly textsPerSecond: number
  /** Resident memory of the process that encodes, where the system tells. */
  readonly memoryMb: number | undefined
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
const crowd = 1_000

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

/** Measures a model with short texts. */
export const benchModel = async (model: ModelFolder, threads = defaultThreads()): Promise<BenchResult> => {
  let pid = 0
  const log = {
    ...silentLog,
    info: (facts: Record<string, unknown>) => {
      if (typeof facts.pid === 'number') pid = facts.pid
    },
  }
  const startedAt = performance.now()
  const encoder = await openEncoder({ model, threads, log })
  const loadMs = performance.now() - startedAt
  try {
    await encoder.encode(differentTexts(20, '热'))
    const times: number[] = []
    for (const text of differentTexts(singles, '单')) {
      const askedAt = performance.now()
      await encoder.encode([text])
      times.push(performance.now() - askedAt)
    }
    times.sort((one, other) => one - other)
    const crowdAt = performance.now()
    await encoder.encode(differentTexts(crowd, '批'))
    const seconds = (performance.now() - crowdAt) / 1_000
    return {
      version: encoder.version,
      dimensions: encoder.dimensions,
      threads,
      loadMs: Math.round(loadMs),
      singleMs: { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)) },
      textsPerSecond: Math.round(crowd / seconds),
      memoryMb: memoryOf(pid),
    }
  } finally {
    await encoder.stop()
  }
}
