import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ModelFolder } from './model-folder.ts'

/** A running process that encodes, one call at a time. */
export interface EncodeProcess {
  readonly pid: number
  /** Vectors of the texts. Rejects when the texts cannot be encoded, or when the process ended meanwhile. */
  encode(texts: readonly string[], timeoutMs: number): Promise<readonly Float32Array[]>
  /** Resolves with the reason once the process is gone. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

interface Answer {
  readonly id: number
  readonly vectors?: Float32Array
  readonly problem?: string
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Remembered of what the process wrote, for the log. */
const keptCharacters = 2_000

const startChild = (model: ModelFolder, threads: number): ChildProcess => {
  const { folder, description } = model
  return fork(
    fileURLToPath(new URL('./encode-process.mjs', import.meta.url)),
    [JSON.stringify({ ...description, folder, threads })],
    {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Secrets of the environment are no business of encoding.
      env: {},
    },
  )
}

/** Keeps the end of what the child writes. Its pipes keep nobody alive. */
const listenTo = (child: ChildProcess): (() => string) => {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-keptCharacters)))
    if (stream instanceof Socket) stream.unref()
  }
  return () => said.trim()
}

const keepAlive = (child: ChildProcess, busy: boolean): void => {
  child[busy ? 'ref' : 'unref']()
  child.channel?.[busy ? 'ref' : 'unref']()
}

/** The vectors in an answer; throws when it holds none. */
const vectorsOf = ({ vectors, problem }: Answer, count: number, dimensions: number): Float32Array[] => {
  if (problem !== undefined) throw new Error(problem)
  if (!(vectors instanceof Float32Array) || vectors.length !== count * dimensions)
    throw new Error('its process answered with something else')
  return Array.from({ length: count }, (_, place) =>
    vectors.slice(place * dimensions, (place + 1) * dimensions),
  )
}

/**
 * Starts a process on the model. In a process of its own, because a fault within the network's native code ends the
 * whole process it happens in. An idle one keeps nothing alive.
 */
export const startEncodeProcess = (model: ModelFolder, threads: number): EncodeProcess => {
  const { dimensions } = model.description
  const child = startChild(model, threads)
  const said = listenTo(child)
  let waiting: Waiting | undefined
  let lastId = 0
  let reason: string | undefined
  const ended = new Promise<string>((resolve) => {
    const end = (why: string): void => {
      reason ??= why
      resolve(reason)
      waiting?.reject(new Error(`its process ${reason}`))
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (code, signal) =>
      end([`ended with ${signal ?? String(code)}`, said()].filter((part) => part !== '').join(': ')),
    )
  })
  child.on('message', (answer: Answer) => {
    if (answer.id === lastId) waiting?.resolve(answer)
  })
  keepAlive(child, false)

  const call = (texts: readonly string[]): Promise<Answer> =>
    new Promise((resolve, reject) => {
      lastId += 1
      waiting = { resolve, reject }
      if (reason === undefined) child.send({ id: lastId, texts }, () => undefined)
      else reject(new Error(`its process ${reason}`))
    })

  return {
    pid: child.pid ?? 0,
    ended,
    encode: async (texts, timeoutMs) => {
      keepAlive(child, true)
      const timer = setTimeout(() => {
        reason ??= `gave no answer within ${String(timeoutMs)} ms`
        child.kill('SIGKILL')
      }, timeoutMs)
      try {
        return vectorsOf(await call(texts), texts.length, dimensions)
      } finally {
        clearTimeout(timer)
        waiting = undefined
        keepAlive(child, false)
      }
    },
    stop: async () => {
      keepAlive(child, true)
      child.kill('SIGKILL')
      await ended
    },
  }
}
