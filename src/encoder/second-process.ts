import { TongdaError } from '../core/errors.ts'
import { giveWay } from '../core/give-way.ts'
import type { Logger } from '../core/log.ts'
import { type EncodeProcess, startEncodeProcess } from './encode-process.ts'
import type { ModelFolder } from './model-folder.ts'
import type { EncodeQueue } from './queue.ts'

/** What the second process works on, and for. */
export interface SecondProcessOptions {
  readonly model: ModelFolder
  readonly threads: number
  readonly queue: EncodeQueue
  readonly log: Logger
  /** Milliseconds its start may take. */
  readonly startMs: number
  /** Milliseconds a batch may take. */
  readonly timeoutMs: number
  /** Called when texts were given back to the queue. */
  readonly onGiveBack: () => void
}

/** A process that exists only while very many texts wait. */
export interface SecondProcess {
  /** Looks whether there is work for it. */
  wake(): void
  stop(): Promise<void>
}

/** So many waiting texts are worth a start, which takes as long as some hundred texts. */
const worthStarting = 300
/** How long one without work is kept. */
const idleMs = 5_000
/** After a failure the first process goes on alone for so long. */
const restMs = 60_000

const stoppedError = (): TongdaError =>
  new TongdaError('encoder_unavailable', 'the encoder is not available: it was stopped')

/** Encodes what nobody waits for until nothing is left. On a failure what was taken goes back, and it throws. */
const encodeAll = async (
  { queue, timeoutMs }: SecondProcessOptions,
  by: EncodeProcess,
  isStopped: () => boolean,
): Promise<void> => {
  for (let batch = queue.nextPatient(); batch !== undefined; batch = queue.nextPatient()) {
    try {
      batch.resolve(await by.encode(batch.texts, timeoutMs))
    } catch (error) {
      if (isStopped()) batch.reject(stoppedError())
      else batch.giveBack()
      throw error
    }
  }
}

/**
 * Encodes what nobody waits for beside the first process, so that every core works on very many texts. It costs memory
 * only meanwhile, and neither its failures nor a busy machine cost anybody a vector: what it has taken and not yet encoded
 * when all else is done, the first process encodes too.
 */
export const createSecondProcess = (options: SecondProcessOptions): SecondProcess => {
  const { model, threads, queue, log, startMs, onGiveBack } = options
  let process: EncodeProcess | undefined
  let busy = false
  let stopped = false
  let restsUntil = 0
  let idle: NodeJS.Timeout | undefined

  const open = async (): Promise<EncodeProcess> => {
    const opened = startEncodeProcess(model, threads)
    process = opened
    giveWay(opened.pid)
    void opened.ended.then(() => {
      if (process === opened) process = undefined
    })
    await opened.encode(['你好'], startMs)
    log.debug({ pid: opened.pid }, 'a second process encodes very many texts')
    return opened
  }

  const end = async (): Promise<void> => {
    clearTimeout(idle)
    const last = process
    process = undefined
    await last?.stop()
  }

  const work = async (): Promise<void> => {
    try {
      await encodeAll(options, process ?? (await open()), () => stopped)
      idle = setTimeout(() => void end(), idleMs).unref()
    } catch (error) {
      restsUntil = performance.now() + restMs
      if (!stopped) log.warn({ error }, 'the second process that encodes failed; the first goes on alone')
      await end()
      onGiveBack()
    }
    busy = false
  }

  return {
    wake: () => {
      const least = process === undefined ? worthStarting : 1
      if (busy || stopped || queue.patientTexts() < least || performance.now() < restsUntil) return
      busy = true
      clearTimeout(idle)
      void work()
    },
    stop: async () => {
      stopped = true
      await end()
    },
  }
}
