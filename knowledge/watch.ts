import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import type { ContentFault } from '../src/core/knowledge.ts'

/** What building from the files gave: a new state, or the faults that kept it from being one. */
export interface Built<State> {
  readonly state?: State
  readonly faults: readonly ContentFault[]
}

export interface WatchOptions<State> {
  /** Folders whose files make up the content, with everything below them. */
  readonly folders: readonly string[]
  /** Builds a whole new state off to the side; may take its time. */
  readonly build: () => Promise<Built<State>>
  /** Called with a state that has no faults; from then on it is the one in use. */
  readonly onState: (state: State) => void
  /** Called when there are faults: the last good state stays in use. */
  readonly onFaults: (faults: readonly ContentFault[]) => void
  /** Milliseconds without a change before building. Default 300: editors write a file in several steps. */
  readonly settleMs?: number
}

export interface ContentWatch {
  /** Builds now, without waiting for a change; resolves when the outcome is in use. */
  reload(): Promise<void>
  /** Stops watching; a build under way has no effect any more. */
  close(): void
}

/** The fault of a build that failed altogether. */
const asFault = (error: unknown): ContentFault => ({
  file: '',
  line: 1,
  problem: `重新加载失败 could not be loaded again: ${error instanceof Error ? error.message : String(error)}`,
  fix: '检查文件后再保存一次 check the files and save again',
})

/**
 * Rebuilds when files change. One build at a time; changes during a build lead to one more. A state with faults
 * never replaces a good one. Where folders cannot be watched, `reload` still works.
 */
export const watchContent = <State>(options: WatchOptions<State>): ContentWatch => {
  const { folders, build, onState, onFaults, settleMs = 300 } = options
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  const once = async (): Promise<void> => {
    const { state, faults } = await build().catch((error: unknown): Built<State> => ({
      faults: [asFault(error)],
    }))
    if (closed) return
    if (faults.length > 0) onFaults(faults)
    else if (state !== undefined) onState(state)
  }
  /** Builds until no change came in meanwhile. */
  const settle = async (): Promise<void> => {
    again = false
    watchAll()
    await once()
    if (isOutdated()) await settle()
  }
  const isOutdated = (): boolean => again && !closed
  const reload = (): Promise<void> => {
    again = true
    running ??= settle().finally(() => {
      running = undefined
    })
    return running
  }
  const changed = (): void => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void reload(), settleMs)
  }
  const watchers = new Map<string, FSWatcher>()
  /** A folder that is made later is watched from the next build on. */
  const watchAll = (): void => {
    for (const folder of folders) {
      const watcher = watchers.has(folder) ? undefined : startWatching(folder, changed)
      if (watcher !== undefined) watchers.set(folder, watcher)
    }
  }
  watchAll()
  return {
    reload,
    close: () => {
      closed = true
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

const startWatching = (folder: string, changed: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(folder, { recursive: true, persistent: false }, changed)
    watcher.on('error', () => {
      watcher.close()
    })
    return watcher
  } catch {
    return undefined
  }
}
