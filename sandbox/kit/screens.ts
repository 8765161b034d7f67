import type { Clock } from '../../src/core/clock.ts'
import type { ShownLine } from '../simulator.ts'

/** A line before the screen numbers and dates it. */
export type NewLine = Omit<ShownLine, 'id' | 'at'>

/** What stands on every user's client. */
export interface Screens {
  /** Puts a line at the end of a user's screen. */
  readonly show: (userKey: string, line: NewLine) => ShownLine
  /** Nothing happens when the line is gone. */
  readonly setState: (lineId: string, state: NonNullable<ShownLine['state']>) => void
  readonly find: (lineId: string) => ShownLine | undefined
  /** Oldest first. */
  readonly lines: (userKey: string) => readonly ShownLine[]
  readonly clear: () => void
}

const keptLines = 500

/** Empty screens; `onChange` is called after every change. */
export const createScreens = (clock: Clock, onChange: () => void): Screens => {
  const screens = new Map<string, ShownLine[]>()
  let last = 0
  const screenOf = (lineId: string): ShownLine[] =>
    [...screens.values()].find((lines) => lines.some(({ id }) => id === lineId)) ?? []
  const find = (lineId: string): ShownLine | undefined => screenOf(lineId).find(({ id }) => id === lineId)
  return {
    show: (userKey, line) => {
      const shown = { ...line, id: String((last += 1)), at: clock.now() }
      screens.set(userKey, [...(screens.get(userKey) ?? []), shown].slice(-keptLines))
      onChange()
      return shown
    },
    setState: (lineId, state) => {
      const lines = screenOf(lineId)
      const place = lines.findIndex(({ id }) => id === lineId)
      const line = lines[place]
      if (line === undefined) return
      lines[place] = { ...line, state }
      onChange()
    },
    find,
    lines: (userKey) => [...(screens.get(userKey) ?? [])],
    // Numbers go on growing: a state that comes late changes nobody else's line.
    clear: () => screens.clear(),
  }
}
