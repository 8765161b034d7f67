import type { WireExchange } from '../simulator.ts'

/** The last exchanges, by the user they were about; the empty key for nobody in particular. */
export interface Trace {
  add(userKey: string, exchange: Omit<WireExchange, 'id'>): void
  of(userKey: string): readonly WireExchange[]
}

const kept = 500
const shown = 100

export const createTrace = (onChange: () => void): Trace => {
  const entries: { readonly userKey: string; readonly exchange: WireExchange }[] = []
  let last = 0
  return {
    add: (userKey, exchange) => {
      last += 1
      entries.push({ userKey, exchange: { ...exchange, id: String(last) } })
      if (entries.length > kept) entries.shift()
      onChange()
    },
    of: (userKey) =>
      entries
        .filter((entry) => entry.userKey === userKey || entry.userKey === '')
        .map(({ exchange }) => exchange)
        .reverse()
        .slice(0, shown),
  }
}
