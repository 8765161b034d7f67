import { setMaxListeners } from 'node:events'

/** Aborted when a simulator closes. Whatever waits within it listens, hence many at once. */
export const createClosing = (): AbortController => {
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  return closing
}
