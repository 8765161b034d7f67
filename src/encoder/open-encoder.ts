import { availableParallelism } from 'node:os'
import { LRUCache } from 'lru-cache'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { type EncodeProcess, startEncodeProcess } from './encode-process.ts'
import type { ModelFolder } from './model-folder.ts'
import { createEncodeQueue } from './queue.ts'
import { createSecondProcess } from './second-process.ts'

/** How to encode. */
export interface EncoderOptions {
  /** From `readModelFolder`. */
  readonly model: ModelFolder
  readonly log: Logger
  /** Threads of the network in each process. Default: half the machine's cores, at least 1, at most 4. */
  readonly threads?: number
  /** Whether very many texts may be encoded by a second process too. Default: where there is more than one core. */
  readonly second?: boolean
  /** Milliseconds a batch may take; then its process is replaced. Default 30000. */
  readonly timeoutMs?: number
}

/** As many texts at once are what a message asks for; more of them can wait. */
const urgentTexts = 8
/** Vectors of recent texts that are remembered. */
const rememberedTexts = 2_000
/** Characters one token can stand for, generously. What is beyond them is never read. */
const charactersAToken = 16
const startMs = 60_000
const firstPauseMs = 1_000
const longestPauseMs = 60_000
/** A process that ran this long and fell over starts counting anew. */
const soundMs = 300_000

/** Threads of the network where nothing is configured. */
export const defaultThreads = (): number => Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))

const unavailable = (why: string): TongdaError =>
  new TongdaError('encoder_unavailable', `the encoder is not available: ${why}`)

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Starts the process and has it encode once, which loads the network. */
const start = async ({ model, threads = defaultThreads() }: EncoderOptions): Promise<EncodeProcess> => {
  const process = startEncodeProcess(model, threads)
  try {
    await process.encode(['你好'], startMs)
    return process
  } catch (error) {
    await process.stop()
    throw unavailable(
      `the model in ${model.folder} could not be loaded: ${reasonOf(error)}; look at docs/encoder.md or choose another with encoder.model`,
    )
  }
}

/** Keeps a process running: when it dies another is started, after a pause that grows. */
const keepRunning = (options: EncoderOptions, first: EncodeProcess, onEnd: (error: TongdaError) => void) => {
  const { log } = options
  let process: EncodeProcess | undefined
  let down = unavailable('it was stopped')
  let stopped = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const fail = (reason: string): void => {
    process = undefined
    if (stopped) return
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures)
    failures += 1
    down = unavailable(`${reason}; it is started again`)
    log.error({ reason, pauseMs }, 'the encoder failed; answers go by words alone until it is started again')
    onEnd(down)
    timer = setTimeout(() => {
      start(options).then(
        (next) => {
          log.info({ pid: next.pid }, 'the encoder is running again')
          use(next)
        },
        (error: unknown) => fail(reasonOf(error)),
      )
    }, pauseMs)
    timer.unref()
  }

  const use = (next: EncodeProcess): void => {
    if (stopped) {
      void next.stop()
      return
    }
    const since = Date.now()
    process = next
    void next.ended.then((why) => {
      if (Date.now() - since > soundMs) failures = 0
      fail(`its process ${why}`)
    })
  }

  use(first)
  return {
    /** The process; throws `encoder_unavailable` while there is none. */
    get: (): EncodeProcess => {
      if (process === undefined) throw down
      return process
    },
    stop: async (): Promise<void> => {
      stopped = true
      clearTimeout(timer)
      down = unavailable('it was stopped')
      onEnd(down)
      const last = process
      process = undefined
      await last?.stop()
    },
  }
}

/** Texts that are read, shortest first: those of one length can go through the network together. */
const byLength = (
  texts: readonly string[],
  maxCharacters: number,
): readonly { readonly text: string; readonly place: number }[] =>
  texts
    .map((text, place) => ({ text: text.slice(0, maxCharacters).toWellFormed(), place }))
    .sort((one, other) => one.text.length - other.text.length)

/**
 * Opens an encoder on a model folder. The network runs in a process of its own, which is started again when it dies.
 * Throws `encoder_unavailable` when the model cannot be used.
 */
export const openEncoder = async (options: EncoderOptions): Promise<Encoder> => {
  const { model, log, threads = defaultThreads(), timeoutMs = 30_000 } = options
  const { dimensions, maxTokens } = model.description
  const queue = createEncodeQueue(maxTokens)
  const remembered = new LRUCache<string, Float32Array>({ max: rememberedTexts })
  const startedAt = performance.now()
  const first = await start(options)
  log.info(
    { version: model.version, pid: first.pid, ms: Math.round(performance.now() - startedAt) },
    'the encoder is running',
  )
  const running = keepRunning(options, first, (error) => queue.rejectAll(error))

  const second =
    (options.second ?? availableParallelism() > 1)
      ? createSecondProcess({ model, threads, queue, log, startMs, timeoutMs, onGiveBack: () => wake() })
      : undefined

  let busy = false
  const work = async (): Promise<void> => {
    for (let batch = queue.next(); batch !== undefined; batch = queue.next()) {
      try {
        batch.resolve(await running.get().encode(batch.texts, timeoutMs))
        second?.wake()
      } catch (error) {
        batch.reject(error instanceof TongdaError ? error : unavailable(reasonOf(error)))
      }
    }
    busy = false
  }
  const wake = (): void => {
    second?.wake()
    if (busy) return
    busy = true
    // What others ask for at this moment goes along.
    setImmediate(() => void work())
  }

  const vectorOf = async (text: string, urgent: boolean): Promise<Float32Array> => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const asked = queue.add(text, urgent)
    wake()
    const vector = await asked
    if (urgent) remembered.set(text, vector)
    return vector
  }

  return {
    version: model.version,
    dimensions,
    encode: async (texts) => {
      running.get()
      const urgent = texts.length <= urgentTexts
      const vectors: Promise<Float32Array>[] = []
      for (const { text, place } of byLength(texts, maxTokens * charactersAToken))
        vectors[place] = vectorOf(text, urgent)
      return Promise.all(vectors)
    },
    stop: async () => {
      await Promise.all([running.stop(), second?.stop()])
    },
  }
}
