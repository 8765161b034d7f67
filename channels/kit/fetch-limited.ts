import { readLimited } from './read-body.ts'

/** A provider's HTTP answer, read to its end. */
export interface Fetched {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** Why a call brought no answer. `unreachable`: no connection, so nothing was sent; else the call may have arrived. */
export type FetchFailure = 'timeout' | 'network' | 'unreachable' | 'too_large'

/** Error codes of a connection that never stood. */
const neverConnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const isNeverConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && neverConnected.has(cause.code)
}

/** No answer came: `failure` says why. The address, which may hold a token, is not kept. */
export class FetchError extends Error {
  readonly failure: FetchFailure

  constructor(failure: FetchFailure) {
    super(`no answer from the provider: ${failure}`)
    this.name = 'FetchError'
    this.failure = failure
  }
}

export interface FetchLimits {
  /** Milliseconds for the whole exchange, body included. */
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Ends the exchange early, e.g. when the channel stops. */
  readonly signal?: AbortSignal
}

/** Ends with the time or with `outer`, and leaves nothing behind on `outer`, which lives as long as the channel. */
export const createDeadline = (timeoutMs: number, outer: AbortSignal | undefined) => {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, timeoutMs)
  if (outer?.aborted === true) stop()
  outer?.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    clear: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    },
  }
}

/** Calls a provider within time and size; follows no redirect. Throws `FetchError`. */
export const fetchLimited = async (url: URL, init: RequestInit, limits: FetchLimits): Promise<Fetched> => {
  const deadline = createDeadline(limits.timeoutMs, limits.signal)
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: deadline.signal })
    const bytes =
      response.body === null ? new Uint8Array() : await readLimited(response.body, limits.maxBytes)
    if (bytes === undefined) throw new FetchError('too_large')
    return { status: response.status, headers: response.headers, bytes }
  } catch (error) {
    if (error instanceof FetchError) throw error
    if (deadline.timedOut()) throw new FetchError('timeout')
    throw new FetchError(isNeverConnected(error) ? 'unreachable' : 'network')
  } finally {
    deadline.clear()
  }
}
