import { setTimeout as delay } from 'node:timers/promises'

/** What comes in time; undefined: nothing did. */
export const inTime = async <Value>(work: Promise<Value>, ms: number): Promise<Value | undefined> => {
  const over = new AbortController()
  try {
    return await Promise.race([work, delay(ms, undefined, { signal: over.signal })])
  } finally {
    over.abort()
  }
}
