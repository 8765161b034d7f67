import type { Clock } from '../../src/core/clock.ts'
import { createScreens } from '../kit/screens.ts'
import type { NewLine } from '../kit/screens.ts'
import type { ShownLine } from '../simulator.ts'

/** What users see, by the topic or call it belongs to. */
export interface ThreadedScreens {
  /** Adds a line to a topic or call; returns its id. */
  add(userKey: string, thread: string, line: NewLine): string
  setState(lineId: string, state: NonNullable<ShownLine['state']>): void
  lines(userKey: string): readonly ShownLine[]
  find(lineId: string): { readonly line: ShownLine; readonly thread: string } | undefined
  /** The topic or call the user was in last. */
  lastThread(userKey: string): string | undefined
  clear(): void
}

/** Empty screens; `onChange` is called after every change. */
export const createThreadedScreens = (clock: Clock, onChange: () => void): ThreadedScreens => {
  const screens = createScreens(clock, onChange)
  const threads = new Map<string, string>()
  return {
    add: (userKey, thread, line) => {
      const { id } = screens.show(userKey, line)
      threads.set(id, thread)
      return id
    },
    setState: screens.setState,
    lines: screens.lines,
    find: (lineId) => {
      const [line, thread] = [screens.find(lineId), threads.get(lineId)]
      return line === undefined || thread === undefined ? undefined : { line, thread }
    },
    lastThread: (userKey) => threads.get(screens.lines(userKey).at(-1)?.id ?? ''),
    clear: () => {
      screens.clear()
      threads.clear()
    },
  }
}
