/**
 * Calls to WeChat's API: HTTP 200 with `errcode` inside, the access token in the query.
 * Source: developers.weixin.qq.com 接口调用说明.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { ProviderToken } from '../kit/index.ts'
import { FetchError, fetchLimited, readRecord, withProviderToken } from '../kit/index.ts'
import { errcodes, httpError } from './errors.ts'

/** One API call, without its token. */
export interface ApiRequest {
  /** What is tried, for messages: `send message`. */
  readonly action: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Absent: GET. Strings are JSON. */
  readonly body?: string | FormData
  /** True when the contact gets something by this call: without an answer nobody knows whether she did. */
  readonly speaks?: boolean
  /** Milliseconds; default 8000. */
  readonly timeoutMs?: number
  /** Default 1 MB. */
  readonly maxBytes?: number
}

/** WeChat's answer: JSON, or a file. */
export type ApiAnswer =
  | { readonly kind: 'json'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }

/** Makes one call as it is. Throws `ChannelError` when no valid answer comes; errcodes are the caller's. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer>

/** Makes one call with the account's token. Throws `ChannelError` for every refusal. */
export type CallApi = Transport

/** The answer's error number; absent means success. */
export const errcodeOf = (answer: ApiAnswer): number =>
  answer.kind === 'json' ? Number(answer.data['errcode'] ?? 0) : 0

const errmsgOf = (answer: ApiAnswer): string =>
  answer.kind === 'json' && typeof answer.data['errmsg'] === 'string' ? answer.data['errmsg'] : ''

/** Throws the `ChannelError` that the answer's errcode means; 0 passes. */
export const throwIfRefused = (action: string, answer: ApiAnswer): void => {
  const errcode = errcodeOf(answer)
  if (errcode !== 0) throw errcodes.errorOf(action, errcode, errmsgOf(answer))
}

const networkError = ({ action, speaks = false }: ApiRequest, { failure }: FetchError): ChannelError => {
  if (failure === 'too_large')
    return new ChannelError('wechat', 'permanent', `${action}: the answer is too large`)
  if (failure === 'unreachable')
    return new ChannelError('wechat', 'provider_down', `${action}: WeChat’s API cannot be reached`, {
      hint: 'check the server’s network and apiBase',
    })
  return new ChannelError('wechat', 'temporary', `${action}: WeChat’s API does not answer (${failure})`, {
    outcomeUnknown: speaks,
    hint: 'check the server’s network and apiBase',
  })
}

/** Calls under `apiBase`; `stopped` ends what is in flight. */
export const createTransport = ({
  apiBase,
  stopped,
}: {
  apiBase: string
  stopped: AbortSignal
}): Transport => {
  const urlOf = ({ path, query = {} }: ApiRequest): URL => {
    const url = new URL(`${apiBase.replace(/\/+$/, '')}${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }
  return async (request) => {
    const { action, body, speaks = false, timeoutMs = 8_000, maxBytes = 1_048_576 } = request
    const headers = typeof body === 'string' ? { 'content-type': 'application/json; charset=utf-8' } : {}
    const init = body === undefined ? { method: 'GET' } : { method: 'POST', body, headers }
    const fetched = await fetchLimited(urlOf(request), init, { timeoutMs, maxBytes, signal: stopped }).catch(
      (error: unknown) => {
        throw error instanceof FetchError ? networkError(request, error) : error
      },
    )
    const { status, bytes } = fetched
    if (status !== 200)
      throw httpError({ action, status, retryAfter: fetched.headers.get('retry-after'), speaks })
    // Errors of file downloads are JSON too, sometimes labelled text/plain.
    const textual = /json|text\//i.test(fetched.headers.get('content-type') ?? 'text/plain')
    if (!textual) return { kind: 'file', bytes }
    const data = readRecord(bytes)
    if (data === undefined)
      throw new ChannelError('wechat', 'temporary', `${action}: the answer is not JSON`, {
        outcomeUnknown: speaks,
      })
    return { kind: 'json', data }
  }
}

/** Makes calls with the account's token. */
export const createCallApi = (transport: Transport, token: ProviderToken): CallApi =>
  withProviderToken({
    transport,
    token,
    isTokenRefusal: (answer: ApiAnswer) => errcodes.isTokenRefusal(errcodeOf(answer)),
    tokenRefusedTwice: (action, answer) => errcodes.tokenRefusedTwice(action, errcodeOf(answer)),
    throwIfRefused,
  })
