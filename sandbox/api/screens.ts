import type { Clock } from '../../src/core/clock.ts'
import type { ShownLine, WireExchange } from '../simulator.ts'

const maxExchanges = 100

/** What users see, and what went over the wire for each. */
export interface Screens {
  /** Adds a line; `thread` is the topic or call it belongs to. */
  add(userKey: string, thread: string, line: Omit<ShownLine, 'id' | 'at'>): string
  setState(lineId: string, state: NonNullable<ShownLine['state']>): void
  lines(userKey: string): readonly ShownLine[]
  find(lineId: string): { readonly line: ShownLine; readonly thread: string } | undefined
  /** The topic or call the user was in last. */
  lastThread(userKey: string): string | undefined
  record(userKey: string, exchange: Omit<WireExchange, 'id' | 'at'>): void
  exchanges(userKey: string): readonly WireExchange[]
}

interface Shown {
  line: ShownLine
  readonly thread: string
  readonly userKey: string
}

/** Empty screens; `changed` is called after every change. */
export const createScreens = (clock: Clock, changed: () => void): Screens => {
  const shown = new Map<string, Shown>()
  const wire = new Map<string, WireExchange[]>()
  let last = 0
  const of = (userKey: string): readonly Shown[] =>
    [...shown.values()].filter((each) => each.userKey === userKey)
  return {
    add: (userKey, thread, line) => {
      const id = `line-${(last += 1)}`
      shown.set(id, { line: { ...line, id, at: clock.now() }, thread, userKey })
      changed()
      return id
    },
    setState: (lineId, state) => {
      const found = shown.get(lineId)
      if (found === undefined) return
      found.line = { ...found.line, state }
      changed()
    },
    lines: (userKey) => of(userKey).map(({ line }) => line),
    find: (lineId) => shown.get(lineId),
    lastThread: (userKey) => of(userKey).at(-1)?.thread,
    record: (userKey, exchange) => {
      const list = wire.get(userKey) ?? []
      list.unshift({ ...exchange, id: `wire-${(last += 1)}`, at: clock.now() })
      wire.set(userKey, list.slice(0, maxExchanges))
      changed()
    },
    exchanges: (userKey) => wire.get(userKey) ?? [],
  }
}
