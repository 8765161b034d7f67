import { readLimited } from './read-body.ts'

/** A provider's HTTP answer, read to its end. */
export interface Fetched {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** Why a call brought no answer. */
export type FetchFailure = 'timeout' | 'network' | 'too_large'

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

const failureOf = (error: unknown): FetchFailure =>
  error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network'

/** Calls a provider within time and size; follows no redirect. Throws `FetchError`. */
export const fetchLimited = async (url: URL, init: RequestInit, limits: FetchLimits): Promise<Fetched> => {
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal])
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal })
    const bytes =
      response.body === null ? new Uint8Array() : await readLimited(response.body, limits.maxBytes)
    if (bytes === undefined) throw new FetchError('too_large')
    return { status: response.status, headers: response.headers, bytes }
  } catch (error) {
    throw error instanceof FetchError ? error : new FetchError(failureOf(error))
  }
}
