import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { giveWay } from '../core/give-way.ts'
import type { RefinedThemes } from '../core/suggestions.ts'
import type { RefineElsewhere, RefineTask } from './refine-run.ts'

/** A task as it crosses to the process: all vectors in one piece. */
export interface PackedTask {
  readonly dimensions: number
  readonly joinsAt: number
  readonly themes: RefineTask['board']['themes']
  readonly items: readonly {
    readonly id: string
    readonly text: string
    readonly themeId: string
    readonly isFixed: boolean
  }[]
  readonly vectors: Float32Array
  readonly words: readonly (readonly [matter: string, words: readonly string[]])[]
}

interface Answer {
  readonly refined?: RefinedThemes
  readonly problem?: string
}

const pack = ({ board: { themes, items }, dimensions, joinsAt, words }: RefineTask): PackedTask => {
  const vectors = new Float32Array(items.length * dimensions)
  for (const [at, { vector }] of items.entries()) vectors.set(vector, at * dimensions)
  return {
    ...{ dimensions, joinsAt, themes, vectors },
    items: items.map(({ id, text, themeId, isFixed }) => ({ id, text, themeId, isFixed })),
    words: [...words],
  }
}

/**
 * Refines in a process of its own: fifty thousand suggestions take minutes and do not give way. It lets all else on the
 * machine go before it, and is ended when the signal aborts.
 */
export const refineInProcess: RefineElsewhere = (task, signal) =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./refine-process.mjs', import.meta.url)), [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Secrets of the environment are no business of refining.
      env: {},
    })
    giveWay(child.pid)
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)))
    const stop = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', stop, { once: true })
    child.on('message', ({ refined, problem }: Answer) => {
      if (refined === undefined) reject(new Error(`themes could not be refined: ${problem ?? 'no answer'}`))
      else resolve(refined)
      stop()
    })
    child.once('error', reject)
    child.once('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`the process that refines ended with ${killedBy ?? String(code)}: ${said.trim()}`))
    })
    if (signal.aborted) stop()
    else child.send(pack(task), () => undefined)
  })
