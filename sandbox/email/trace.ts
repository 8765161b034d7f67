import { randomUUID } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { WireExchange } from '../simulator.ts'

const kept = 500
const shown = 100
/** Longest part of a mail that is kept for eyes. */
const maxShown = 20_000

/** The last exchanges, by the user they were about. */
export interface Trace {
  add(userKey: string, exchange: Omit<WireExchange, 'id' | 'at'>): void
  of(userKey: string): readonly WireExchange[]
}

export const createTrace = (clock: Clock): Trace => {
  const exchanges: { readonly userKey: string; readonly exchange: WireExchange }[] = []
  return {
    add: (userKey, { request, response, ...rest }) => {
      const clipped = { request: request.slice(0, maxShown), response: response.slice(0, maxShown) }
      exchanges.unshift({ userKey, exchange: { ...rest, ...clipped, id: randomUUID(), at: clock.now() } })
      exchanges.length = Math.min(exchanges.length, kept)
    },
    of: (userKey) =>
      exchanges
        .filter((each) => each.userKey === userKey)
        .slice(0, shown)
        .map(({ exchange }) => exchange),
  }
}
