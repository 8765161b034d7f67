import { randomUUID } from 'node:crypto'
import type { WireExchange } from '../simulator.ts'

/** A wire exchange with the user it was about, if one. */
export interface TracedExchange extends WireExchange {
  readonly userKey?: string
}

/** The last exchanges, latest first. */
export interface Trace {
  /** Without a `userKey`, or with an empty one, it concerns nobody in particular. */
  readonly add: (exchange: Omit<TracedExchange, 'id'>) => void
  /** Those of a user, and those that concern nobody in particular. */
  readonly of: (userKey: string) => readonly WireExchange[]
  readonly all: () => readonly TracedExchange[]
  readonly clear: () => void
}

const keep = 500
const shown = 100
/** Longest part that is kept for eyes, in characters. */
const maxShown = 20_000

const isAbout = ({ userKey }: TracedExchange, user: string): boolean =>
  userKey === undefined || userKey === '' || userKey === user

/** An empty trace. */
export const createTrace = (onChange: () => void): Trace => {
  let exchanges: readonly TracedExchange[] = []
  return {
    add: (exchange) => {
      const request = exchange.request.slice(0, maxShown)
      const response = exchange.response.slice(0, maxShown)
      const { curl, ...rest } = exchange
      // A command that was cut would send something else.
      const command = curl === undefined || curl.length > maxShown ? {} : { curl }
      exchanges = [{ ...rest, ...command, request, response, id: randomUUID() }, ...exchanges].slice(0, keep)
      onChange()
    },
    of: (userKey) => exchanges.filter((exchange) => isAbout(exchange, userKey)).slice(0, shown),
    all: () => exchanges,
    clear: () => {
      exchanges = []
    },
  }
}
