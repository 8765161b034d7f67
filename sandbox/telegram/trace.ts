import { randomUUID } from 'node:crypto'
import type { WireExchange } from '../simulator.ts'

/** A wire exchange with the user it was about, if one. */
export interface TracedExchange extends WireExchange {
  readonly userKey?: string
}

/** The last exchanges, latest first. */
export interface Trace {
  add(exchange: Omit<TracedExchange, 'id'>): void
  of(userKey: string): readonly WireExchange[]
  all(): readonly TracedExchange[]
}

const keep = 500
const shown = 100

/** An empty trace. */
export const createTrace = (onChange: () => void): Trace => {
  let exchanges: readonly TracedExchange[] = []
  return {
    add: (exchange) => {
      exchanges = [{ ...exchange, id: randomUUID() }, ...exchanges].slice(0, keep)
      onChange()
    },
    of: (userKey) =>
      exchanges
        .filter((exchange) => exchange.userKey === undefined || exchange.userKey === userKey)
        .slice(0, shown),
    all: () => exchanges,
  }
}
