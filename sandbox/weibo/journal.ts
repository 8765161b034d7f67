import type { Clock } from '../../src/core/clock.ts'
import type { ShownLine, WireExchange } from '../simulator.ts'

/** What every user saw and what went over the wire. */
export interface Journal {
  /** Puts a line on a user's screen. */
  show(userKey: string, line: Omit<ShownLine, 'id' | 'at'>): ShownLine
  changeState(userKey: string, lineId: string, state: NonNullable<ShownLine['state']>): void
  lines(userKey: string): readonly ShownLine[]
  /** Adds an exchange; `userKey` is empty when it concerns nobody in particular. */
  record(userKey: string, exchange: Omit<WireExchange, 'id'>): WireExchange
  exchanges(userKey: string): readonly WireExchange[]
  onChange(listener: () => void): () => void
  changed(): void
}

const keptLines = 500
const keptExchanges = 100

const trim = (items: unknown[], kept: number): void => {
  if (items.length > kept) items.splice(0, items.length - kept)
}

/** Empty screens, an empty wire. */
export const createJournal = (clock: Clock): Journal => {
  const screens = new Map<string, ShownLine[]>()
  const wire = new Map<string, WireExchange[]>()
  const listeners = new Set<() => void>()
  let lastId = 0
  const nextId = (): string => String((lastId += 1))
  const changed = (): void => listeners.forEach((listener) => listener())
  const listIn = <Item>(lists: Map<string, Item[]>, key: string): Item[] => {
    const list = lists.get(key) ?? []
    lists.set(key, list)
    return list
  }
  return {
    show: (userKey, line) => {
      const added = { ...line, id: nextId(), at: clock.now() }
      const lines = listIn(screens, userKey)
      lines.push(added)
      trim(lines, keptLines)
      changed()
      return added
    },
    changeState: (userKey, lineId, state) => {
      const lines = listIn(screens, userKey)
      const at = lines.findIndex(({ id }) => id === lineId)
      const line = lines[at]
      if (line === undefined) return
      lines[at] = { ...line, state }
      changed()
    },
    lines: (userKey) => [...(screens.get(userKey) ?? [])],
    record: (userKey, exchange) => {
      const added = { ...exchange, id: nextId() }
      const exchanges = listIn(wire, userKey)
      exchanges.push(added)
      trim(exchanges, keptExchanges)
      changed()
      return added
    },
    exchanges: (userKey) => [...(wire.get(userKey) ?? [])].reverse(),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed,
  }
}
