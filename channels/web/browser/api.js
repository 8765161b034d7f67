/* global URL, fetch, location, parent */

/** A page of our own that shows the chat in a frame (the sandbox) learns whose conversation it is; no other page does. */
const tellFrame = (visitor) => {
  if (parent !== globalThis)
    parent.postMessage({ type: 'tongda:visitor', contactKey: visitor }, location.origin)
}

/**
 * The channel's HTTP side. `call` sends the visitor's token; `ensureSession` makes sure there is a valid one.
 * @param {{ base: URL, tokens: { get(): string | null, set(token: string | null): void } }} options
 */
export const createApi = ({ base, tokens }) => {
  let limit
  const call = (path, { method = 'GET', body, signal } = {}) => {
    const token = tokens.get()
    return fetch(new URL(path, base), {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  }
  /** `ok`, `forbidden` (this page's address is not allowed), `busy` or `waiting` with a pause in milliseconds. */
  const ensureSession = async () => {
    const response = await call('session', { method: 'POST' })
    if (response.status === 401) {
      // The old session is over: go on as a new visitor.
      tokens.set(null)
      return ensureSession()
    }
    if (response.status === 403) return { kind: 'forbidden' }
    if (!response.ok) {
      const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000
      return { kind: response.status === 429 ? 'busy' : 'waiting', retryAfterMs }
    }
    const { token, visitor, maxFileBytes } = await response.json()
    tokens.set(token)
    limit = maxFileBytes
    tellFrame(visitor)
    return { kind: 'ok' }
  }
  return {
    call,
    ensureSession,
    /** Most bytes of one file; undefined before the first session. */
    maxFileBytes: () => limit,
  }
}
